using ICPO.Actors.Checkpointing;
using ICPO.Actors.Cluster.Election;
using ICPO.Actors.Configuration.Settings;
using ICPO.Actors.RunFiles.Directories;
using ICPO.Actors.RunFiles.Journal;
using ICPO.Actors.Runs;

namespace ICPO.Actors.Cluster.Core;

/// <summary>A candidate of an election: a process that runs the core of a run or can take it over.</summary>
/// <param name="settings">The settings of this process.</param>
/// <param name="directory">The run's directory in this process.</param>
internal sealed class CoreIdentity(ClusterSettings settings, RunDirectory directory)
{
    private volatile CoreEndpoint? _core;
    private long _oldestKept;

    /// <summary>Distinguishes this process from every other one.</summary>
    public string Token { get; } = Guid.NewGuid().ToString("n");

    /// <summary>Its address in the cluster, as host:port; empty before it has joined.</summary>
    public string Seed
    {
        get => Core?.Address?.Seed ?? field;
        set;
    } = "";

    /// <summary>The core, once it runs here.</summary>
    public CoreEndpoint? Core
    {
        get => _core;
        set => _core = value;
    }

    /// <summary>
    /// The current state of the process. A version that can no longer be restored stays so, whatever this directory contains.
    /// </summary>
    public LeaseHolder Holder()
    {
        _oldestKept = Math.Max(_oldestKept, Core?.OldestKept ?? 0);
        return new(Token, settings.Name.Length > 0 ? settings.Name : Seed, Seed, Core?.FilesAddress ?? "", _oldestKept);
    }

    /// <summary>True if the directory contains a checkpoint from which the run can be resumed.</summary>
    public bool CanGoOn(LeaseRow? row)
    {
        if (row is null)
        {
            return true;
        }

        _oldestKept = row.Holder.OldestKept;
        return row.Holder.OldestKept == 0 || CheckpointStore.Open(directory).Newest()?.Value >= row.Holder.OldestKept;
    }

    /// <summary>Takes part in the election of a run's core.</summary>
    public CoreElection Elect(JournalDatabase database, string run, bool resumesEnded, Action<string> replaced) =>
        new(
            new CoreLeaseTable(database.ConnectionString, run),
            new ElectionParts
            {
                Token = Token,
                LeaseTime = settings.FailoverAfter,
                Holder = Holder,
                CanGoOn = CanGoOn,
                ResumesEnded = resumesEnded,
                Replaced = replaced,
            }
        );

    /// <summary>
    /// The state of the run that a core records when it ends; null if another process should continue it, because this one hands it over or
    /// ended before it did any work.
    /// </summary>
    public static async Task<LeaseState?> StateOfAsync(RunContext run, CoreEndpoint core)
    {
        if (!run.Ended.Task.IsCompletedSuccessfully)
        {
            return core.HasWorked ? LeaseState.Failed : null;
        }

        RunSummary summary = await run.Ended.Task.ConfigureAwait(false);
        return summary.State == "completed" ? LeaseState.Completed
            : core.HandsOver ? null
            : LeaseState.Stopped;
    }
}
