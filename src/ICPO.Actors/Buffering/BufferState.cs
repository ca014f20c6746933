using System.Collections.Immutable;
using ICPO.Actors.Algorithm;
using ICPO.Actors.Contracts;

namespace ICPO.Actors;

/// <summary>
/// What the journal says: which groups wait, which update is prepared, what is committed. Changed by <see cref="Apply"/>
/// alone, which reads no clock, no file and no configuration, so replaying the events gives the same state again.
/// </summary>
public sealed class BufferState
{
    private readonly SortedDictionary<GroupId, GroupStored> _pending = [];
    private readonly List<UncheckpointedUpdate> _uncheckpointed = [];
    private readonly DecidedGroups _decided = new();

    public BufferState()
    {
    }

    public BufferState(BufferSnapshot snapshot)
    {
        (Epoch, Committed, Checkpoint, Prepared) = (snapshot.Epoch, snapshot.Committed, snapshot.Checkpoint, snapshot.Prepared);
        foreach (GroupStored stored in snapshot.Pending)
        {
            _pending.Add(stored.Group, stored);
        }

        _uncheckpointed.AddRange(snapshot.Uncheckpointed);
        _decided = new DecidedGroups(snapshot.ResolvedBelow, snapshot.ResolvedAbove);
        Ledger = JournalLedger.FromCounters(snapshot.Ledger, snapshot.Pending);
    }

    public LearnerEpoch Epoch { get; private set; }

    public PolicyVersion Committed { get; private set; }

    public CheckpointRecorded? Checkpoint { get; private set; }

    public UpdatePrepared? Prepared { get; private set; }

    public DecidedGroups Decided => _decided;

    /// <summary>What became of every rollout that was decided about.</summary>
    public Ledger Ledger { get; private set; } = Ledger.Empty;

    /// <summary>Stored groups that no prepared update holds, oldest first.</summary>
    public IEnumerable<GroupStored> Free => _pending.Values.Where(stored => Prepared is null || !Prepared.Groups.Contains(stored.Group));

    /// <summary>Stored groups that are not consumed.</summary>
    public int Buffered => _pending.Count;

    /// <summary>Committed updates that no checkpoint covers, oldest first.</summary>
    public IReadOnlyList<UncheckpointedUpdate> Uncheckpointed => _uncheckpointed;

    /// <summary>Groups of the prepared update, in its order.</summary>
    public ImmutableArray<GroupStored> PreparedGroups => Prepared is null ? [] : [.. Prepared.Groups.Select(id => _pending[id])];

    public void Apply(IBufferEvent happened)
    {
        switch (happened)
        {
            case GroupStored stored:
                _pending.Add(stored.Group, stored);
                _decided.Add(stored.Group);
                Ledger = Ledger.Stored(stored);
                break;
            case GroupTurnedDown down:
                bool wasStored = _pending.Remove(down.Group, out GroupStored? withdrawn);
                _decided.Add(down.Group);
                Ledger = Ledger.TurnedDown(down, wasStored ? withdrawn : null);
                break;
            case UpdatePrepared prepared:
                Prepared = prepared;
                break;
            case UpdateRecorded recorded:
                ImmutableArray<GroupStored> groups = PreparedGroups;
                foreach (GroupStored group in groups)
                {
                    _pending.Remove(group.Group);
                    Ledger = Ledger.Consumed(group);
                }

                _uncheckpointed.Add(new UncheckpointedUpdate(recorded.Version, recorded.WeightsSha256, groups));
                (Prepared, Committed) = (null, recorded.Version);
                break;
            case CheckpointRecorded checkpoint:
                Checkpoint = checkpoint;
                _uncheckpointed.RemoveAll(update => update.Version <= checkpoint.Version);
                break;
            case EpochStarted started:
                Epoch = started.Epoch;
                break;
            default:
                throw new InvalidOperationException($"The journal holds an event this version does not know: {happened.GetType().Name}.");
        }
    }

    public BufferSnapshot ToSnapshot() => new()
    {
        Epoch = Epoch,
        Committed = Committed,
        Checkpoint = Checkpoint,
        Pending = [.. _pending.Values],
        Prepared = Prepared,
        Uncheckpointed = [.. _uncheckpointed],
        ResolvedBelow = _decided.Watermark,
        ResolvedAbove = [.. _decided.Above],
        Ledger = Ledger.ToCounters(),
    };
}
