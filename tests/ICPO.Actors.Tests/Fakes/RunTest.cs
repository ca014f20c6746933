using System.Text.Json;
using ICPO.Actors.Configuration.Layers;
using ICPO.Actors.Contracts.Policies;
using ICPO.Actors.Contracts.Tasks;
using ICPO.Actors.Hosting;
using ICPO.Actors.Progress;
using ICPO.Actors.RunFiles.Directories;
using ICPO.Actors.Runs;
using Microsoft.Extensions.DependencyInjection;

namespace ICPO.Actors.Tests.Fakes;

/// <summary>Tests of whole runs of a host app, whose weights are hashes. Only a test that fails waits for a deadline.</summary>
public abstract class RunTest : IDisposable
{
    protected static TimeSpan Far { get; } = TimeSpan.FromMinutes(2);

    /// <summary>η = 0, six updates.</summary>
    protected static KeyValuePair<string, string>[] Synchronous { get; } =
    [new("admission.max-staleness", "0"), new("run.updates", "6"), new("checkpoint.every", "2"), new("group.dynamic-sampling", "true")];

    protected TemporaryFolder Folder { get; } = new();

    /// <summary>Three updates of two groups, unless the settings differ.</summary>
    protected static ServiceProvider Services(
        KeyValuePair<string, string>[] settings,
        IPolicyBackend? backend = null,
        Action<IServiceCollection>? more = null
    )
    {
        IServiceCollection services = new ServiceCollection()
            .AddSingleton<ITask>(new ParityTask())
            .AddSingleton<IVerifier>(new ParityVerifier())
            .AddSingleton(backend ?? new HashBackend());
        more?.Invoke(services);
        return services
            .AddIcpo(
                IcpoConfiguration.Load(
                    new ConfigurationSources
                    {
                        Code =
                        [
                            new("run.updates", "3"),
                            new("group.policy-rollouts", "3"),
                            new("group.groups-per-update", "2"),
                            new("evaluation.final-questions", "4"),
                            new("evaluation.every", "0"),
                            new("engine.count", "1"),
                            .. settings,
                        ],
                    }
                )
            )
            .BuildServiceProvider();
    }

    /// <summary>Starts a run in a directory of the folder.</summary>
    protected Task<IIcpoRun> StartAsync(
        string name,
        KeyValuePair<string, string>[] settings,
        IPolicyBackend? backend = null,
        Action<IServiceCollection>? more = null
    ) => Services([.. settings, new("run.directory", Folder.In(name))], backend, more).GetRequiredService<IIcpoRuns>().StartAsync();

    protected Task<IIcpoRun> ResumeAsync(string name, KeyValuePair<string, string>[] settings, IPolicyBackend? backend = null) =>
        Services(settings, backend).GetRequiredService<IIcpoRuns>().ResumeAsync(Folder.In(name));

    /// <summary>Stops a run while it waits in an update, which it completes first.</summary>
    private protected static async Task StopAsync(IIcpoRun run, HeldUpdate held)
    {
        await held.Reached.WaitAsync(Far);
        Task stop = run.StopAsync();
        await foreach (RunProgress progress in run.ProgressAsync())
        {
            if (progress.Phase == RunPhase.Stopping)
            {
                break;
            }
        }

        held.Release();
        await stop.WaitAsync(Far);
    }

    /// <summary>The final weights of a run whose ledger closes.</summary>
    protected static async Task<string> WeightsAsync(IIcpoRun run)
    {
        Assert.True((await run.Completion.WaitAsync(Far)).LedgerCloses);
        return await File.ReadAllTextAsync(Path.Combine(run.ModelDirectory, "state"));
    }

    /// <summary>The updates in the order of the metrics' lines.</summary>
    protected static long[] Updates(string run) =>
        [
            .. File.ReadLines(new RunDirectory(run).Metrics)
                .Select(line => JsonDocument.Parse(line).RootElement)
                .Where(line => line.GetProperty("kind").GetString() == "update")
                .Select(line => line.GetProperty("update").GetInt64()),
        ];

    public void Dispose()
    {
        Folder.Dispose();
        GC.SuppressFinalize(this);
    }
}
