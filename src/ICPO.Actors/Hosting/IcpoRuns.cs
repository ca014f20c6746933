using Akka.Hosting;
using ICPO.Actors.HealthChecks;
using ICPO.Actors.RunFiles.Directories;
using ICPO.Actors.Runs;
using ICPO.Actors.Wire.Codecs;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace ICPO.Actors.Hosting;

/// <summary>
/// Starts each run in its own small host, so that runs can follow each other or run in parallel. Disposing it stops all of them.
/// </summary>
internal sealed class IcpoRuns(
    RunFactory factory,
    ActiveRuns active,
    RunStates states,
    IEnumerable<IRunHostPart> parts,
    ILoggerFactory? loggers = null
) : IIcpoRuns, IAsyncDisposable, IDisposable
{
    public Task<IIcpoRun> StartAsync(CancellationToken cancellationToken = default) => StartAsync(factory.Create, cancellationToken);

    public Task<IIcpoRun> StartAsync(Action<RunOptions> configure, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(configure);
        var options = new RunOptions();
        configure(options);
        return StartAsync(factory.With(options, options.Configuration).Create, cancellationToken);
    }

    public Task<IIcpoRun> ResumeAsync(string directory, CancellationToken cancellationToken = default) =>
        ResumeAsync(directory, new ResumeOptions(), cancellationToken);

    public Task<IIcpoRun> ResumeAsync(string directory, ResumeOptions options, CancellationToken cancellationToken = default) =>
        StartAsync(() => factory.With(options.Parts ?? new HostParts()).Resume(directory, options), cancellationToken);

    public async ValueTask DisposeAsync() => await active.StopAllAsync().ConfigureAwait(false);

    /// <summary>Requests the stop of all runs; a synchronous dispose cannot wait for them.</summary>
    public void Dispose() => _ = active.StopAllAsync();

    private async Task<IIcpoRun> StartAsync(Func<RunContext> prepare, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        RunContext run = prepare();
        run.HasOwnHost = true;
        (IHost? host, RunLogProvider? log) = (null, null);
        try
        {
            log = new RunLogProvider(run.Directory.Log, run.Time, RunLogFormats.Create(run.Settings));
            host = Build(run, log);

            // The run exists from here on: a start that is canceled stops it, so that its directory does not look like that of a crash.
            using (cancellationToken.Register(run.Run.RequestStop))
            {
                await host.StartAsync(CancellationToken.None).ConfigureAwait(false);
            }
        }
        catch
        {
            // Stops the parts that have started, so that none of them is active when the directory is released.
            host?.Dispose();
            log?.Dispose();
            run.Run.EndsWith(null);
            run.Lock?.Dispose();
            throw;
        }

        ILogger logger = host.Services.GetRequiredService<ILoggerFactory>().CreateLogger(RunLogging.Category);
        run.Run.EndsWith(host, outcome => FollowAsync(run, outcome, logger, log));
        active.Add(run.Run);
        states.Follow(run.Run);
        if (cancellationToken.IsCancellationRequested)
        {
            await run.Run.StopAsync(CancellationToken.None).ConfigureAwait(false);
            cancellationToken.ThrowIfCancellationRequested();
        }

        return run.Run;
    }

    /// <summary>The log is the last part of a run to end, since it reports how the run has ended.</summary>
    private static async Task FollowAsync(RunContext run, Task<RunSummary> outcome, ILogger logger, RunLogProvider log)
    {
        using (log)
        {
            await RunLogging.FollowAsync(run.Run, outcome, run.Settings.RunId, logger).ConfigureAwait(false);
        }
    }

    private IHost Build(RunContext run, RunLogProvider log)
    {
        HostApplicationBuilder builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        builder.Services.AddSingleton<IHostLifetime, NoLifetime>();
        builder.Logging.AddProvider(log);
        if (loggers is not null)
        {
            builder.Logging.AddProvider(new HostLoggerProvider(loggers, run.Settings.RunId));
        }

        foreach (IRunHostPart part in parts)
        {
            part.AddServices(builder.Services, run);
        }

        builder.Services.AddAkka("icpo", akka =>
        {
            akka.ConfigureLoggers(configured =>
                {
                    // Warnings and errors only: when an actor system ends, its information messages would bypass the log and go to the
                    // terminal.
                    configured.LogLevel = Akka.Event.LogLevel.WarningLevel;
                    configured.ClearLoggers();
                    configured.AddLoggerFactory();
                })
                .AddHocon(WireConfiguration.Strict, HoconAddMode.Prepend)
                .AddHocon("akka.coordinated-shutdown { exit-clr = off, run-by-clr-shutdown-hook = off }", HoconAddMode.Prepend)
                .WithIcpo(run);
            foreach (IRunHostPart part in parts)
            {
                part.Configure(akka, run);
            }
        });
        return builder.Build();
    }
}
