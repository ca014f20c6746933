using ICPO.Actors.Checkpointing;
using ICPO.Actors.Cluster.Election;
using ICPO.Actors.Configuration.Settings;
using ICPO.Actors.RunFiles.Directories;
using ICPO.Actors.RunFiles.Journal;
using ICPO.Actors.Runs;

namespace ICPO.Actors.Cluster.Core;

/// <summary>A process that runs the core of a run, or would take it over, as it takes part in the election.</summary>
/// <param name="settings">Of this process.</param>
/// <param name="directory">Of the run in this process.</param>
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

    /// <summary>The process as it is now. What the run cannot go back to any more stays so, whatever this directory holds.</summary>
    public LeaseHolder Holder()
    {
        _oldestKept = Math.Max(_oldestKept, Core?.OldestKept ?? 0);
        return new(Token, settings.Name.Length > 0 ? settings.Name : Seed, Seed, Core?.FilesAddress ?? "", _oldestKept);
    }

    /// <summary>True where the directory holds a checkpoint that the run can go back to.</summary>
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
    /// What a core says of its run when it ends; null where another process should go on: it has ended before it did anything.
    /// </summary>
    public static async Task<LeaseState?> StateOfAsync(RunContext run, CoreEndpoint core)
    {
        if (!run.Ended.Task.IsCompletedSuccessfully)
        {
            return core.HasWorked ? LeaseState.Failed : null;
        }

        RunSummary summary = await run.Ended.Task.ConfigureAwait(false);
        return summary.State == "completed" ? LeaseState.Completed : LeaseState.Stopped;
    }
}
