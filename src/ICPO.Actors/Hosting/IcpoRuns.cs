using Akka.Hosting;
using ICPO.Actors.Runs;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace ICPO.Actors.Hosting;

/// <summary>Starts each run in its own small host, so that runs can follow each other or run in parallel.</summary>
internal sealed class IcpoRuns(RunFactory factory) : IIcpoRuns
{
    public Task<IIcpoRun> StartAsync(CancellationToken cancellationToken = default) => StartAsync(factory.Create(), cancellationToken);

    public Task<IIcpoRun> ResumeAsync(string directory, CancellationToken cancellationToken = default) =>
        StartAsync(factory.Resume(directory), cancellationToken);

    private static async Task<IIcpoRun> StartAsync(RunContext run, CancellationToken cancellationToken)
    {
        HostApplicationBuilder builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        builder.Logging.AddProvider(new RunLogProvider(run.Directory.Log, run.Time));
        builder.Services.AddAkka("icpo", akka => akka.ConfigureLoggers(loggers =>
                {
                    // Warnings and errors only: when an actor system ends, its information messages would bypass the log and go to the
                    // terminal.
                    loggers.LogLevel = Akka.Event.LogLevel.WarningLevel;
                    loggers.ClearLoggers();
                    loggers.AddLoggerFactory();
                })
                .AddHocon("akka.coordinated-shutdown { exit-clr = off, run-by-clr-shutdown-hook = off }", HoconAddMode.Prepend)
                .WithIcpo(run));
        run.HasOwnHost = true;
        IHost? host = null;
        try
        {
            host = builder.Build();
            await host.StartAsync(cancellationToken).ConfigureAwait(false);
            run.Run.EndsWith(host);
            return run.Run;
        }
        catch
        {
            // Ends what has started of it, so that nothing of the run is left when its directory is released.
            host?.Dispose();
            run.Run.EndsWith(null);
            run.Lock?.Dispose();
            throw;
        }
    }
}
