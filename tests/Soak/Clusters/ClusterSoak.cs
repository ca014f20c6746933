using ICPO.Actors.RunFiles.Audit;
using ICPO.Actors.RunFiles.Journal;
using RunSupport;
using TestSupport;

namespace ICPO.Actors.Soak.Clusters;

/// <summary>
/// Runs over six processes (two learners, three nodes, a database server), one of which fails at random times. Whatever ends is started
/// again; each run must reach its last update with a ledger that closes.
/// </summary>
/// <param name="server">Of all runs.</param>
/// <param name="folder">Gets a directory per run.</param>
/// <param name="command">The options of this call.</param>
/// <param name="only">The kind of all faults; null for all kinds.</param>
internal sealed class ClusterSoak(PostgresServer server, string folder, string command, FaultKind? only)
{
    private const int Updates = 600;

    /// <summary>No fault comes after this one, so that the run ends with all of its processes.</summary>
    private const int LastFault = Updates - 20;

    /// <summary>Makes a run with faults.</summary>
    /// <param name="seed">Of the run and of its faults.</param>
    /// <param name="mayFail">Whether there may be another fault after so many.</param>
    /// <exception cref="TimeoutException">The run does not go on, or does not end.</exception>
    public async Task<ClusterRunRecord> RunAsync(int seed, Func<int, bool> mayFail)
    {
        var random = new Random(seed);
        string place = Directory.CreateDirectory(Path.Combine(folder, $"{seed}")).FullName;
        var run = new SmallRun(Staleness: 4, Updates, Seed: seed);
        await using var cluster = new SoakedCluster(server, place, run);
        var injector = new FaultInjector(cluster, server);
        await cluster.StartAsync();
        (List<ClusterFault> had, UpdateRate all) = ([], new UpdateRate());
        if (await cluster.ReadyAsync(cluster.IsWhole, LastFault) is { } first)
        {
            all.Begin(first.Status.Update);
        }

        while (mayFail(had.Count))
        {
            var fault = PlannedFault.Create(random, only);
            if (await cluster.ReadyAsync(core => IsReady(cluster, fault, core), LastFault) is null)
            {
                break;
            }

            await Task.Delay(random.Next(200, 1200));
            if (await cluster.ReadyAsync(core => IsReady(cluster, fault, core), LastFault) is not { } before)
            {
                break;
            }

            had.Add(await injector.InjectAsync(fault, before));
            Console.WriteLine(had[^1]);
        }

        string last = await cluster.CompletedAsync();
        all.End(Updates);
        return Record(seed, run, cluster, last) with { Faults = had, Seconds = all.Seconds, SecondsUpdates = all.Updates };
    }

    private static bool IsReady(SoakedCluster cluster, PlannedFault fault, CoreState core) =>
        fault.Kind.NeedsStandby() ? cluster.IsWhole(core) : fault.Processes(core.Learner).All(cluster.Works);

    private ClusterRunRecord Record(int seed, SmallRun run, SoakedCluster cluster, string learner)
    {
        string directory = cluster.DirectoryOf(learner);
        var audit = RunAudit.Create(directory, run);
        JournalAccount account = JournalAudit.Check(RunJournal.Open(directory));
        return new ClusterRunRecord
        {
            Command = command,
            Seed = seed,
            Faults = [],
            Starts = audit.Starts,
            Updates = audit.Committed,
            Admitted = audit.Admitted,
            Lost = audit.Lost,
            TrainedTwice = audit.TrainedTwice,
            LedgerCloses = audit.LedgerCloses && account.Closes,
            Rollouts = account.Ledger.Generated.Total.Rollouts,
            LeasedAgain = cluster.Search.LeasedAgain,
            LongestLeaseGap = cluster.Search.LongestLeaseGap,
            Seconds = 0,
            SecondsUpdates = 0,
            Findings = [.. audit.Findings, .. account.Faults, .. cluster.Findings, .. cluster.Search.Findings],
        };
    }
}
