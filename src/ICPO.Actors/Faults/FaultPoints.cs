using System.Collections.Immutable;
using System.Globalization;

namespace ICPO.Actors.Faults;

/// <summary>
/// Points between two adjacent steps of the commit protocol and of recovery at which a test can end the process, to check that nothing is
/// lost and nothing trains twice. None is armed in a normal run.
/// </summary>
public sealed class FaultPoints
{
    /// <summary>A group's payload is stored; no event refers to it yet.</summary>
    public const string PayloadWritten = "payload-written";

    /// <summary>The journal's database has answered and has its tables; nothing is read yet.</summary>
    public const string JournalReached = "journal-reached";

    /// <summary>The journal is read; its new epoch is not in it yet.</summary>
    public const string JournalRead = "journal-read";

    /// <summary>A rollout that waits for its siblings is in the journal.</summary>
    public const string RolloutStored = "rollout-stored";

    /// <summary>A group's event is in the journal; no actor has been notified.</summary>
    public const string GroupStored = "group-stored";

    /// <summary>An update's groups are in the journal; the learner has not received them yet.</summary>
    public const string UpdatePrepared = "update-prepared";

    /// <summary>The optimizer has stepped; the commit has not been requested.</summary>
    public const string UpdateStepped = "update-stepped";

    /// <summary>The commit is in the journal; the learner has not been notified yet.</summary>
    public const string UpdateCommitted = "update-committed";

    /// <summary>The new weights are in their file; they are not announced yet.</summary>
    public const string PolicyWritten = "policy-written";

    /// <summary>The new weights are announced.</summary>
    public const string PolicyPublished = "policy-published";

    /// <summary>A checkpoint is complete under its temporary name.</summary>
    public const string CheckpointFilled = "checkpoint-filled";

    /// <summary>A checkpoint has its name; the journal does not refer to it yet.</summary>
    public const string CheckpointNamed = "checkpoint-named";

    /// <summary>The journal refers to the checkpoint; older ones are not deleted yet.</summary>
    public const string CheckpointRecorded = "checkpoint-recorded";

    /// <summary>A snapshot of the journal is saved; the previous one is not deleted yet.</summary>
    public const string SnapshotSaved = "snapshot-saved";

    /// <summary>A new epoch is in the journal; no actor has been notified.</summary>
    public const string EpochStarted = "epoch-started";

    /// <summary>A committed update has been redone from the journal.</summary>
    public const string UpdateRedone = "update-redone";

    private readonly string? _armed;
    private readonly Action _abort = () => { };
    private int _left;

    private FaultPoints() { }

    private FaultPoints(string armed, int times, Action abort) => (_armed, _left, _abort) = (armed, times, abort);

    /// <summary>No point is armed.</summary>
    public static FaultPoints None { get; } = new();

    /// <summary>All points, in the order of the protocol.</summary>
    public static ImmutableArray<string> Names { get; } =
    [
        JournalReached,
        JournalRead,
        RolloutStored,
        PayloadWritten,
        GroupStored,
        UpdatePrepared,
        UpdateStepped,
        UpdateCommitted,
        PolicyWritten,
        PolicyPublished,
        CheckpointFilled,
        CheckpointNamed,
        CheckpointRecorded,
        SnapshotSaved,
        EpochStarted,
        UpdateRedone,
    ];

    /// <summary>Arms one point.</summary>
    /// <param name="text"><c>name</c> or <c>name:n</c>: <paramref name="abort"/> is called when the point is reached for the n-th
    /// time.</param>
    /// <param name="abort">Ends the process.</param>
    /// <exception cref="ArgumentException">The point does not exist, or n is not a whole number of at least 1.</exception>
    public static FaultPoints Parse(string text, Action abort)
    {
        string[] parts = text.Split(':');
        int times = 1;
        return
            parts.Length <= 2
            && Names.Contains(parts[0])
            && (parts.Length == 1 || (int.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out times) && times > 0))
            ? new FaultPoints(parts[0], times, abort)
            : throw new ArgumentException(
                $"'{text}' is not a fault point: name or name:n, the name one of {string.Join(", ", Names)}, n at least 1."
            );
    }

    /// <summary>The point is reached.</summary>
    public void Reach(string name)
    {
        if (name == _armed && Interlocked.Decrement(ref _left) == 0)
        {
            _abort();
        }
    }
}
