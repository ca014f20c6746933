using ICPO.Actors.Configuration.Layers;
using ICPO.Actors.Contracts.Identity;
using ICPO.Actors.Contracts.Policies;
using ICPO.Actors.Contracts.Tasks;
using ICPO.Actors.Hosting;
using ICPO.Actors.Nodes;
using ICPO.Actors.RunFiles.Audit;
using ICPO.Actors.RunFiles.Directories;
using ICPO.Actors.RunFiles.Journal;
using ICPO.Actors.Runs;
using Microsoft.Extensions.DependencyInjection;
using TestSupport;

namespace LinkSupport;

/// <summary>A whole small run over a link that fails and heals, and what is wrong with it afterwards.</summary>
public static class LinkRun
{
    private const int Updates = 3;
    private static readonly TimeSpan Far = TimeSpan.FromMinutes(2);

    /// <summary>Runs to the end. The result is empty where everything holds; each finding is a sentence.</summary>
    public static async Task<IReadOnlyList<string>> FindingsAsync(LinkSchedule schedule, LinkCounts counts)
    {
        using var folder = new TemporaryFolder();
        var transport = new LossyTransport(schedule, counts);
        int requests = 0;
        var backend = new HashBackend
        {
            BeforeSampling = (_, cancellation) =>
                SampleAsync(schedule, transport, (ulong)Interlocked.Increment(ref requests), cancellation),
        };
        List<string> findings = [];
        string weights;
        try
        {
            weights = await WeightsAsync(folder.In("run"), schedule, backend, transport, findings);
        }
        catch (Exception error) when (error is RunFailedException or TimeoutException)
        {
            return [error.Message];
        }

        JournalAccount account = JournalAudit.Check(RunJournal.Open(folder.In("run")));
        findings.AddRange(account.Faults);
        if (schedule.Staleness == 0)
        {
            string whole = await WeightsAsync(folder.In("whole"), schedule, new HashBackend(), null, findings);
            if (weights != whole)
            {
                findings.Add("the weights differ from those of a run whose link works");
            }
        }

        return findings;
    }

    private static async Task<string> WeightsAsync(
        string directory,
        LinkSchedule schedule,
        IPolicyBackend backend,
        INodeTransport? transport,
        List<string> findings
    )
    {
        IServiceCollection services = new ServiceCollection()
            .AddSingleton<ITask>(new ParityTask())
            .AddSingleton<IVerifier>(new ParityVerifier())
            .AddSingleton(backend)
            .AddSingleton(
                new ProtocolTimings
                {
                    Beat = TimeSpan.FromMilliseconds(10),
                    Tick = TimeSpan.FromMilliseconds(10),
                    Repeat = TimeSpan.FromMilliseconds(20),
                    FirstPause = TimeSpan.FromMilliseconds(20),
                    LongestPause = TimeSpan.FromMilliseconds(100),
                }
            );
        if (transport is not null)
        {
            services.AddSingleton(transport);
        }

        await using ServiceProvider provider = services.AddIcpo(Configuration(directory, schedule)).BuildServiceProvider();
        IIcpoRun run = await provider.GetRequiredService<IIcpoRuns>().StartAsync();
        RunSummary summary = await run.Completion.WaitAsync(Far);
        if ((summary.State, summary.Updates) != ("completed", Updates))
        {
            findings.Add($"the run is {summary.State} after {summary.Updates} updates");
        }

        if (!summary.LedgerCloses)
        {
            findings.Add("the ledger does not close");
        }

        return await File.ReadAllTextAsync(Path.Combine(run.ModelDirectory, "state"));
    }

    private static IcpoConfiguration Configuration(string directory, LinkSchedule schedule) =>
        IcpoConfiguration.Load(
            new ConfigurationSources
            {
                Code =
                [
                    new("run.directory", directory),
                    new("run.updates", $"{Updates}"),
                    new("preset", schedule.Preset),
                    new("group.groups-per-update", "2"),
                    new("admission.max-staleness", $"{schedule.Staleness}"),
                    new("admission.lease-timeout", "100ms"),
                    new("admission.lease-attempts", "1000"),
                    new("admission.stall-timeout", "1m"),
                    new("engine.count", $"{schedule.Engines}"),
                    new("evaluation.at-start", "false"),
                    new("evaluation.at-end", "false"),
                    new("evaluation.every", "0"),
                    new("journal.rollout-delay", "0s"),
                ],
            }
        );

    /// <summary>Engines take a while for some requests, and fail some, until the link is healed.</summary>
    private static Task SampleAsync(LinkSchedule schedule, LossyTransport transport, ulong request, CancellationToken cancellation)
    {
        var random = new RandomStream(Seed.Derive(schedule.Seed, request));
        if (transport.IsHealed)
        {
            return Task.CompletedTask;
        }

        if (random.NextInt(100) < schedule.EngineFaults)
        {
            throw random.NextInt(2) == 0 ? new IOException("The device is away.") : new ObjectDisposedException("engine");
        }

        return random.NextInt(4) == 0 ? Task.Delay(random.NextInt(40), cancellation) : Task.CompletedTask;
    }
}
