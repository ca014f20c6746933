using System.Collections.Concurrent;
using ICPO.Actors.Cluster.Client;
using ICPO.Actors.RunFiles.Directories;
using RunSupport;
using TestSupport;

namespace ICPO.Actors.Soak;

/// <summary>
/// Runs over five processes (two learners, two nodes, a database server), one of which fails at random times. Whatever ends is started
/// again, as a supervisor does; each run must end with a ledger that closes.
/// </summary>
internal sealed class ClusterFaultSoak(PostgresServer server, string folder, int seed)
{
    private const int Updates = 240;
    private static readonly string[] Learners = ["first", "second"];
    private static readonly string[] Nodes = ["a", "b"];
    private static readonly TimeSpan Deadline = TimeSpan.FromMinutes(2);
    private readonly Random _random = new(seed);
    private readonly ConcurrentDictionary<string, LineProcess> _processes = new();
    private readonly List<ClusterFault> _faults = [];

    /// <summary>Makes runs until there were so many faults.</summary>
    public async Task<(IReadOnlyList<ClusterFault> Faults, IReadOnlyList<RunAudit> Runs)> RunAsync(int faults)
    {
        List<RunAudit> runs = [];
        for (int number = 1; _faults.Count < faults; number++)
        {
            runs.Add(await RunOnceAsync(number, faults));
        }

        return (_faults, runs);
    }

    private async Task<RunAudit> RunOnceAsync(int number, int faults)
    {
        string place = Directory.CreateDirectory(Path.Combine(folder, $"{number}")).FullName;
        var run = new SmallRun(Staleness: 4, Updates, Seed: number);
        await using var cluster = new FailoverCluster(server.Uri, place, run);
        _processes.Clear();
        _processes["first"] = await cluster.StartFirstAsync("first");
        foreach (string node in Nodes)
        {
            _processes[node] = cluster.StartNode(node);
        }

        _processes["second"] = await cluster.StartStandbyAsync("second");
        using var ended = new CancellationTokenSource();
        Task supervised = SuperviseAsync(cluster, ended.Token);
        try
        {
            while (_faults.Count < faults && await CoreAsync(cluster) is { } core && core.Status.Update < Updates - 20)
            {
                await Task.Delay(_random.Next(2000, 6000));
                if (await ReadyAsync(cluster) is not { } ready)
                {
                    break;
                }

                ClusterFault fault = await InjectAsync(cluster, ready);
                _faults.Add(fault);
                Console.WriteLine(fault);
            }

            string last = await EndAsync(cluster);
            var audit = RunAudit.Create(cluster.DirectoryOf(last), run);
            Console.WriteLine(
                $"run {number}: {audit.Starts} starts, {audit.Committed} updates, {audit.Lost} lost, {audit.TrainedTwice} twice, "
                    + $"{string.Join("; ", audit.Findings)}"
            );
            return audit;
        }
        finally
        {
            await ended.CancelAsync();
            await supervised;
        }
    }

    /// <summary>Starts again what has ended for another reason than that the run has.</summary>
    private async Task SuperviseAsync(FailoverCluster cluster, CancellationToken cancellationToken)
    {
        while (!cancellationToken.IsCancellationRequested)
        {
            foreach (string name in _processes.Where(entry => entry.Value.ExitCode is not (null or 0)).Select(entry => entry.Key).ToArray())
            {
                if (await CoreAsync(cluster, TimeSpan.FromSeconds(1)) is { } core)
                {
                    cluster.JoinAt(core.Learner);
                }

                _processes[name] = Learners.Contains(name) ? cluster.Resume(name) : cluster.StartNode(name);
            }

            await Task.Delay(500, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task<ClusterFault> InjectAsync(FailoverCluster cluster, (string Learner, ClusterStatus Status) core)
    {
        string other = Learners.Single(name => name != core.Learner);
        string kind = ClusterFault.Kinds[_random.Next(ClusterFault.Kinds.Length)];
        long begun = TimeProvider.System.GetTimestamp();
        switch (kind)
        {
            case ClusterFault.CoreKilled:
                _processes[core.Learner].Kill();
                break;
            case ClusterFault.CoreStopped:
                LineProcess stalled = _processes[core.Learner];
                await stalled.SignalAsync("STOP");
                _ = ContinueAsync(stalled, TimeSpan.FromMilliseconds(_random.Next(5000, 12_000)));
                break;
            case ClusterFault.StandbyKilled:
                _processes[other].Kill();
                break;
            case ClusterFault.NodeKilled:
                _processes[Nodes[_random.Next(Nodes.Length)]].Kill();
                break;
            case ClusterFault.LearnersKilled:
                _processes[core.Learner].Kill();
                _processes[other].Kill();
                break;
            default:
                await server.KillAsync();
                await server.UpAsync();
                break;
        }

        return await RecoverAsync(cluster, kind, core, begun);
    }

    private static async Task ContinueAsync(LineProcess process, TimeSpan after)
    {
        await Task.Delay(after);
        await process.SignalAsync("CONT");
    }

    /// <summary>Waits until the core, or the one that replaces it, has got rollouts again and then has made an update.</summary>
    private async Task<ClusterFault> RecoverAsync(
        FailoverCluster cluster,
        string kind,
        (string Learner, ClusterStatus Status) before,
        long begun
    )
    {
        bool moves = kind is ClusterFault.CoreKilled or ClusterFault.CoreStopped or ClusterFault.LearnersKilled;
        double? lease = null;
        while (TimeProvider.System.GetElapsedTime(begun) < Deadline)
        {
            double now = TimeProvider.System.GetElapsedTime(begun).TotalSeconds;
            if (await CoreAsync(cluster, TimeSpan.FromMilliseconds(500)) is { } core && (!moves || IsAnother(core, before)))
            {
                lease ??= !moves || core.Status.Nodes.Any(node => node.Leases > 0 || node.Rollouts > 0) ? now : null;
                if (lease is not null && core.Status.Update > before.Status.Update)
                {
                    return new ClusterFault(kind, lease.Value, now);
                }
            }

            await Task.Delay(20);
        }

        throw new TimeoutException($"After a fault ({kind}) the run has not gone on; see {folder}.");
    }

    private static bool IsAnother((string Learner, ClusterStatus Status) core, (string Learner, ClusterStatus Status) before) =>
        core.Status.Members.First(member => member.IsCore).Address != before.Status.Members.First(member => member.IsCore).Address;

    private async Task<(string Learner, ClusterStatus Status)?> ReadyAsync(FailoverCluster cluster)
    {
        long begun = TimeProvider.System.GetTimestamp();
        while (TimeProvider.System.GetElapsedTime(begun) < Deadline)
        {
            if (await CoreAsync(cluster) is not { } core || core.Status.Update >= Updates - 20)
            {
                return null;
            }

            bool isWhole =
                core.Status.Nodes.Length == Nodes.Length && core.Status.Standbys.Any(s => s is { IsReady: true, Checkpoint: > 0 });
            if (isWhole && core.Status.Phase == "Training")
            {
                return core;
            }

            await Task.Delay(200);
        }

        throw new TimeoutException($"The cluster has not become whole again; see {folder}.");
    }

    /// <summary>The core as it answers now; null where none does in time.</summary>
    private async Task<(string Learner, ClusterStatus Status)?> CoreAsync(FailoverCluster cluster, TimeSpan? wait = null)
    {
        long begun = TimeProvider.System.GetTimestamp();
        do
        {
            string[] files = await AddressAsync();
            foreach (
                string learner in Learners.Where(name => File.Exists(Path.Combine(cluster.DirectoryOf(name), ClusterAddress.FileName)))
            )
            {
                try
                {
                    var address = ClusterAddress.Read(cluster.DirectoryOf(learner));
                    if (files.Contains(address.Files.ToString()))
                    {
                        using var deadline = new CancellationTokenSource(TimeSpan.FromMilliseconds(500));
                        using var client = new ClusterClient(address.Files, null);
                        return (learner, await client.StatusAsync(deadline.Token));
                    }
                }
                catch (Exception error) when (error is IOException or OperationCanceledException or InvalidDataException)
                {
                    // It is gone, or starts.
                }
            }

            await Task.Delay(50);
        } while (TimeProvider.System.GetElapsedTime(begun) < (wait ?? TimeSpan.FromSeconds(30)));

        return null;
    }

    private async Task<string[]> AddressAsync()
    {
        try
        {
            return await server.QueryAsync("SELECT files FROM core_lease WHERE valid_until > clock_timestamp()");
        }
        catch (Exception error) when (error is System.Data.Common.DbException or System.Net.Sockets.SocketException)
        {
            return [];
        }
    }

    /// <summary>The learner in whose directory the run has ended.</summary>
    private async Task<string> EndAsync(FailoverCluster cluster)
    {
        long begun = TimeProvider.System.GetTimestamp();
        while (TimeProvider.System.GetElapsedTime(begun) < 5 * Deadline)
        {
            foreach (string learner in Learners)
            {
                if (RunSummaries.Read(new RunDirectory(cluster.DirectoryOf(learner))) is { State: "completed" })
                {
                    await Task.WhenAll(_processes.Values.Select(process => process.ExitAsync()));
                    return learner;
                }
            }

            await Task.Delay(200);
        }

        throw new TimeoutException($"The run has not ended; see {folder}.");
    }
}
