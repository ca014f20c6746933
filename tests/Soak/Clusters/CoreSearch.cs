using System.Collections.Concurrent;
using ICPO.Actors.Cluster.Client;
using ICPO.Actors.RunFiles.Directories;
using RunSupport;
using TestSupport;

namespace ICPO.Actors.Soak.Clusters;

/// <summary>The core of a run as it answers.</summary>
/// <param name="Learner">The process that runs it.</param>
/// <param name="Address">Of its HTTP server, whose port every process chooses anew.</param>
/// <param name="Status">What it reports.</param>
internal sealed record CoreState(string Learner, Uri Address, ClusterStatus Status)
{
    public bool IsTraining => Status.Phase == "Training";
}

/// <summary>Finds the process that holds the lease of a run, and asks it for the run's state.</summary>
internal sealed class CoreSearch(PostgresServer server, FailoverCluster cluster, IReadOnlyList<string> learners)
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan Answer = TimeSpan.FromSeconds(1);
    private readonly Lock _gate = new();
    private readonly Dictionary<Uri, long> _leasedAgain = [];
    private long _newest;

    /// <summary>Rollouts that the cores so far have leased once more.</summary>
    public long LeasedAgain
    {
        get
        {
            lock (_gate)
            {
                return _leasedAgain.Values.Sum();
            }
        }
    }

    /// <summary>The longest time between two renewals of the lease that a core has reported, in seconds.</summary>
    public double LongestLeaseGap { get; private set; }

    /// <summary>What cores have reported that cannot be.</summary>
    public ConcurrentQueue<string> Findings { get; } = [];

    /// <summary>The core as it answers now; null where none does in time.</summary>
    public async Task<CoreState?> FindAsync(TimeSpan wait)
    {
        long begun = TimeProvider.System.GetTimestamp();
        do
        {
            if (await AskAsync() is { } core)
            {
                return core;
            }

            await Task.Delay(Pause);
        } while (TimeProvider.System.GetElapsedTime(begun) < wait);

        return null;
    }

    /// <summary>The learner in whose directory the run is completed; null while it is not.</summary>
    public string? FindCompleted() =>
        learners.FirstOrDefault(name => RunSummaries.Read(new RunDirectory(cluster.DirectoryOf(name))) is { State: "completed" });

    private async Task<CoreState?> AskAsync()
    {
        string[] holders = await HoldersAsync();
        foreach (string learner in learners)
        {
            try
            {
                var address = ClusterAddress.Read(cluster.DirectoryOf(learner));
                if (holders.Contains(address.Files.ToString()))
                {
                    using var deadline = new CancellationTokenSource(Answer);
                    using var client = new ClusterClient(address.Files, null);
                    return Take(new CoreState(learner, address.Files, await client.StatusAsync(deadline.Token)));
                }
            }
            catch (Exception error) when (error is IOException or OperationCanceledException or InvalidDataException)
            {
                // It has no core, has ended, or is starting.
            }
        }

        return null;
    }

    /// <summary>A core that trains never has fewer updates than one before it had.</summary>
    private CoreState Take(CoreState core)
    {
        lock (_gate)
        {
            _leasedAgain[core.Address] = Math.Max(_leasedAgain.GetValueOrDefault(core.Address), core.Status.RolloutsLeasedAgain);
            LongestLeaseGap = Math.Max(LongestLeaseGap, core.Status.LongestLeaseGap ?? 0);
            if (core.IsTraining && core.Status.Update < _newest)
            {
                Findings.Enqueue($"{core.Learner} reports update {core.Status.Update} after {_newest}");
            }

            _newest = Math.Max(_newest, core.Status.Update);
        }

        return core;
    }

    private async Task<string[]> HoldersAsync()
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
}
