using System.Collections.Immutable;
using ICPO.Actors.Algorithm.Ledgers;
using ICPO.Actors.Contracts.Buffering;
using ICPO.Actors.Contracts.Identity;

namespace ICPO.Actors.Algorithm.Buffering;

/// <summary>
/// The state that the journal's events add up to: which groups wait, which update is prepared, what is committed. Only
/// <see cref="Apply"/> changes it, and it reads no clock, no file and no configuration: replaying the events gives the same state.
/// </summary>
public sealed partial class BufferState
{
    private readonly PendingGroups _pending = new();
    private readonly SortedDictionary<GroupId, ImmutableArray<RolloutStoredEvent>> _rollouts = [];
    private readonly List<CheckpointWrittenEvent> _checkpoints = [];
    private readonly List<UncheckpointedUpdate> _uncheckpointed = [];
    private readonly DecidedGroups _decided = new();

    public BufferState() { }

    public BufferState(BufferSnapshot snapshot)
    {
        (Epoch, Committed, Prepared) = (snapshot.Epoch, snapshot.Committed, snapshot.Prepared);
        _checkpoints.AddRange(snapshot.Earlier);
        if (snapshot.Checkpoint is { } newest)
        {
            _checkpoints.Add(newest);
        }

        var admittedAt = snapshot.Admitted.ToDictionary(admitted => admitted.Group, admitted => admitted.Committed);
        var timesTrained = snapshot.Trained.ToDictionary(trained => trained.Group, trained => trained.Times);
        foreach (GroupAdmittedEvent stored in snapshot.Pending)
        {
            PolicyVersion version = admittedAt.GetValueOrDefault(stored.Group, snapshot.Committed);
            _pending.Add(new PendingGroup(stored, version, timesTrained.GetValueOrDefault(stored.Group)));
        }

        foreach (RolloutStoredEvent rollout in snapshot.Rollouts)
        {
            Keep(rollout);
        }

        _uncheckpointed.AddRange(snapshot.Uncheckpointed);
        _decided = new DecidedGroups(snapshot.ResolvedBelow, snapshot.ResolvedAbove);
        Ledger = JournalLedger.FromCounters(
            snapshot.Ledger,
            snapshot.Pending.Where(stored => !timesTrained.ContainsKey(stored.Group)),
            snapshot.Rollouts
        );
        Ledger = Ledger with { TimesTrained = JournalLedger.TimesTrained(snapshot) };
    }

    public LearnerEpoch Epoch { get; private set; }

    public PolicyVersion Committed { get; private set; }

    /// <summary>Checkpoints that may be restored, oldest first.</summary>
    public IReadOnlyList<CheckpointWrittenEvent> Checkpoints => _checkpoints;

    /// <summary>The newest checkpoint.</summary>
    public CheckpointWrittenEvent? Checkpoint => _checkpoints.Count > 0 ? _checkpoints[^1] : null;

    public UpdatePreparedEvent? Prepared { get; private set; }

    public DecidedGroups Decided => _decided;

    /// <summary>Stored rollouts of undecided groups, by group, oldest group first.</summary>
    public IReadOnlyDictionary<GroupId, ImmutableArray<RolloutStoredEvent>> Rollouts => _rollouts;

    /// <summary>The first group number without any event.</summary>
    public GroupId Next =>
        _rollouts.Count > 0 && _rollouts.Keys.Last() is var last && last >= _decided.End ? new GroupId(last.Value + 1) : _decided.End;

    /// <summary>Groups below <see cref="Next"/> that are not decided, oldest first.</summary>
    public IEnumerable<GroupId> Undecided => _decided.MissingBelow(Next);

    /// <summary>Number of <see cref="Undecided"/>.</summary>
    public long UndecidedCount => _decided.CountMissingBelow(Next);

    /// <summary>Accounts for every rollout of a decided group.</summary>
    public Ledger Ledger { get; private set; } = Ledger.Empty;

    /// <summary>Stored groups that are not part of a prepared update, oldest first.</summary>
    public IEnumerable<GroupAdmittedEvent> Free =>
        _pending.All.Select(group => group.Stored).Where(stored => Prepared is null || !Prepared.Groups.Contains(stored.Group));

    /// <summary>Stored groups that are not consumed.</summary>
    public int Buffered => _pending.Count;

    /// <summary>Committed updates that recovery may have to redo: those after the oldest version kept, oldest first.</summary>
    public IReadOnlyList<UncheckpointedUpdate> Uncheckpointed => _uncheckpointed;

    /// <summary>Number of payloads that are still needed: waiting groups and rollouts, and updates that may have to be redone.</summary>
    public int Size =>
        _pending.Count + _rollouts.Values.Sum(rollouts => rollouts.Length) + _uncheckpointed.Sum(update => update.Groups.Length);

    /// <summary>The first payload that is still needed; null if none is.</summary>
    public BlobRef? OldestPayload =>
        _pending
            .All.Select(group => group.Stored)
            .Concat(_uncheckpointed.SelectMany(update => update.Groups))
            .Select(stored => stored.Payload)
            .Concat(_rollouts.Values.SelectMany(rollouts => rollouts).Select(rollout => rollout.Payload))
            .Cast<BlobRef?>()
            .MinBy(payload => (payload!.Value.Segment, payload.Value.Offset));

    /// <summary>Groups of the prepared update, in its order.</summary>
    public ImmutableArray<GroupAdmittedEvent> PreparedGroups =>
        Prepared is null ? [] : [.. Prepared.Groups.Select(id => _pending[id].Stored)];

    /// <summary>Stored groups that have trained and will train again.</summary>
    public IEnumerable<TrainedGroup> TrainingAgain =>
        _pending.All.Where(group => group.TimesTrained > 0).Select(group => new TrainedGroup(group.Id, group.TimesTrained));

    /// <summary>Updates that have trained on a stored group.</summary>
    public int TimesTrained(GroupId id) => _pending.Find(id)?.TimesTrained ?? 0;

    /// <summary>
    /// The last committed update when a stored group was admitted; that of the snapshot for a group of a snapshot of an earlier version.
    /// </summary>
    public PolicyVersion AdmittedAt(GroupId id) => _pending.Find(id)?.AdmittedAt ?? Committed;

    /// <summary>A group that is stored and not consumed, or null.</summary>
    public GroupAdmittedEvent? FindPending(GroupId id) => _pending.Find(id)?.Stored;

    /// <summary>True if a group is stored and not consumed.</summary>
    public bool IsPending(GroupId id) => _pending.Contains(id);

    /// <summary>True if a rollout of an undecided group is stored.</summary>
    public bool IsStored(RolloutId id) => _rollouts.GetValueOrDefault(id.Group, []).Any(rollout => rollout.Rollout == id);

    public void Apply(IBufferEvent happened)
    {
        switch (happened)
        {
            case GroupAdmittedEvent stored:
                _pending.Add(new PendingGroup(stored, Committed, TimesTrained: 0));
                _decided.Add(stored.Group);
                _rollouts.Remove(stored.Group);
                Ledger = Ledger.Admitted(stored);
                break;
            case GroupRejectedEvent down:
                _pending.Remove(down.Group, out PendingGroup? withdrawn);
                _decided.Add(down.Group);
                _rollouts.Remove(down.Group);
                Ledger = Ledger.Rejected(down, withdrawn?.Stored);
                break;
            case RolloutStoredEvent rollout:
                Keep(rollout);
                Ledger = Ledger.RolloutStoredEvent(rollout);
                break;
            case RolloutDroppedEvent discarded:
                GroupId group = discarded.Rollout.Group;
                _rollouts[group] = _rollouts[group].RemoveAll(kept => kept.Rollout == discarded.Rollout);
                if (_rollouts[group].IsEmpty)
                {
                    _rollouts.Remove(group);
                }

                Ledger = Ledger.RolloutDropped(discarded);
                break;
            case UpdatePreparedEvent prepared:
                Prepared = prepared;
                break;
            case UpdateCommittedEvent recorded:
                ImmutableArray<GroupAdmittedEvent> groups = PreparedGroups;
                HashSet<GroupId> staying = [.. Prepared!.Kept];
                foreach (GroupAdmittedEvent trained in groups)
                {
                    Train(trained, isKept: staying.Contains(trained.Group));
                }

                _uncheckpointed.Add(
                    new UncheckpointedUpdate(recorded.Version, recorded.WeightsSha256, groups) { Hardware = recorded.Hardware }
                );
                (Prepared, Committed) = (null, recorded.Version);
                break;
            case UpdatesRedoneEvent redone:
                foreach (RedoneUpdate update in redone.Updates)
                {
                    int at = _uncheckpointed.FindIndex(made => made.Version == update.Version);
                    _uncheckpointed[at] = _uncheckpointed[at] with { WeightsSha256 = update.WeightsSha256, Hardware = redone.Hardware };
                }

                break;
            case CheckpointWrittenEvent checkpoint:
                PolicyVersion oldest = checkpoint.OldestKept ?? checkpoint.Version;
                _checkpoints.RemoveAll(kept => kept.Version < oldest || kept.Version >= checkpoint.Version);
                _checkpoints.Add(checkpoint);
                _uncheckpointed.RemoveAll(update => update.Version <= oldest);
                break;
            case EpochStartedEvent started:
                Epoch = started.Epoch;
                break;
            default:
                throw new InvalidOperationException($"Unknown journal event {happened.GetType().Name}.");
        }
    }

    /// <summary>A group counts as consumed from its first update on; it stays stored until its last.</summary>
    private void Train(GroupAdmittedEvent trained, bool isKept)
    {
        int times = TimesTrained(trained.Group);
        Ledger = (times == 0 ? Ledger.Consumed(trained) : Ledger).GroupTrained(times + 1);
        if (isKept)
        {
            _pending.AddTraining(trained.Group);
        }
        else
        {
            _pending.Remove(trained.Group, out _);
        }
    }

    private void Keep(RolloutStoredEvent rollout) =>
        _rollouts[rollout.Rollout.Group] = _rollouts.GetValueOrDefault(rollout.Rollout.Group, []).Add(rollout);

    /// <summary>
    /// <see cref="CheckpointWrittenEvent.OldestKept"/> for a new checkpoint of this version when <paramref name="keep"/> checkpoints are
    /// kept;
    /// the base model while there are fewer.
    /// </summary>
    public PolicyVersion OldestKept(PolicyVersion version, int keep)
    {
        PolicyVersion wanted = _checkpoints
            .Select(kept => kept.Version)
            .Where(kept => kept < version)
            .Append(version)
            .OrderDescending()
            .Skip(keep - 1)
            .FirstOrDefault(PolicyVersion.Base);
        PolicyVersion possible = _uncheckpointed.Count > 0 ? new PolicyVersion(_uncheckpointed[0].Version.Value - 1) : Committed;
        return wanted > possible ? wanted : possible;
    }

    public BufferSnapshot ToSnapshot() =>
        new()
        {
            Epoch = Epoch,
            Committed = Committed,
            Checkpoint = Checkpoint,
            Earlier = [.. _checkpoints.SkipLast(1)],
            Pending = [.. _pending.All.Select(group => group.Stored)],
            Rollouts = [.. _rollouts.Values.SelectMany(rollouts => rollouts)],
            Trained = [.. TrainingAgain],
            Admitted = [.. _pending.All.Select(group => new AdmittedGroup(group.Id, group.AdmittedAt))],
            Prepared = Prepared,
            Uncheckpointed = [.. _uncheckpointed],
            ResolvedBelow = _decided.Watermark,
            ResolvedAbove = [.. _decided.Above],
            Ledger = Ledger.ToCounters(),
        };
}
