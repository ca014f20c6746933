using System.Collections.Immutable;
using Akka.Actor;
using Akka.Event;
using Akka.Persistence;
using ICPO.Actors.Algorithm.Buffering;
using ICPO.Actors.Contracts.Buffering;
using ICPO.Actors.Contracts.Groups;
using ICPO.Actors.Contracts.Identity;
using ICPO.Actors.Faults;
using ICPO.Actors.RunEvents;
using ICPO.Actors.Wire.Segments;

namespace ICPO.Actors.Buffering;

/// <summary>
/// Holds admitted groups until the learner has trained on them, and remembers it in the journal. What it acknowledges is
/// recorded first: a group that was admitted trains exactly once in effect, whatever dies and whenever.
/// </summary>
public sealed partial class TrajectoryBufferActor : ReceivePersistentActor, IWithTimers
{
    private readonly SegmentLog _payloads;
    private readonly BufferSettings _settings;
    private readonly FaultPoints _faults;
    private readonly IActorRef _parent;
    private readonly Dictionary<GroupId, TrainingGroup> _groups = [];
    private readonly ILoggingAdapter _log = Context.GetLogger();
    private readonly Arrivals _arrivals;
    private BufferState _state = new();
    private long _snapshotDue;
    private bool _snapshotting;
    private bool _storing;
    private IActorRef _dispatcher = ActorRefs.Nobody;
    private (IActorRef Learner, RequestBatch Request)? _waiting;

    /// <summary>Who is told of admitted and rejected groups.</summary>
    public sealed record Serve(IActorRef Dispatcher) : INoSerializationVerificationNeeded;

    /// <summary>Asks to be told, with <see cref="Settled"/>, when everything said before is recorded.</summary>
    public sealed record ReportSettled : INoSerializationVerificationNeeded
    {
        public static ReportSettled Instance { get; } = new();
    }

    /// <summary>Everything said before the question is recorded.</summary>
    public sealed record Settled : INoSerializationVerificationNeeded
    {
        public static Settled Instance { get; } = new();
    }

    private sealed record StoreArrived : INoSerializationVerificationNeeded
    {
        public static StoreArrived Instance { get; } = new();
    }

    private sealed record Tick : INoSerializationVerificationNeeded
    {
        public static Tick Instance { get; } = new();
    }

    public TrajectoryBufferActor(SegmentLog payloads, BufferSettings settings, FaultPoints? faults = null)
    {
        (_payloads, _settings, _faults, _parent) = (payloads, settings, faults ?? FaultPoints.None, Context.Parent);
        PersistenceId = settings.PersistenceId;
        _arrivals = new Arrivals(payloads);

        Recover<SnapshotOffer>(offer =>
        {
            _state = new BufferState((BufferSnapshot)offer.Snapshot);
            _snapshotDue = offer.Metadata.SequenceNr + Math.Max(_settings.SnapshotEvery, _state.Size);
        });
        Recover<IBufferEvent>(happened => _state.Apply(happened));
        Recover<RecoveryCompleted>(_ => Stand());

        Command<Serve>(serve => _dispatcher = serve.Dispatcher);
        Command<AdmitGroup>(admit => Admit(admit.Group));
        Command<StoreRollout>(Keep);
        Command<StoreArrived>(_ =>
        {
            _storing = false;
            StoreGroups();
        });
        Command<Tick>(_ => StoreOlderRollouts());
        Command<RejectGroup>(reject => TurnDown(reject.Group.Id, reject.Reason, reject.Dropped));
        Command<ReportSettled>(_ =>
        {
            IActorRef asking = Sender;
            Store(TakeAll());
            DeferAsync(Settled.Instance, settled => asking.Tell(settled));
        });
        Command<RequestBatch>(Request);
        Command<CommitUpdate>(Commit);
        Command<CheckpointWritten>(written =>
        {
            IActorRef learner = Sender;
            var recorded = new CheckpointWrittenEvent(
                written.Version,
                written.Directory,
                _state.OldestKept(written.Version, _settings.KeepCheckpoints)
            );
            Record(recorded, () =>
            {
                _faults.Reach(FaultPoints.CheckpointRecorded);
                learner.Tell(recorded);
                Snapshot();
            });
        });
        Command<SaveSnapshotSuccess>(saved =>
        {
            _snapshotting = false;
            _faults.Reach(FaultPoints.SnapshotSaved);
            DeleteSnapshots(new SnapshotSelectionCriteria(saved.Metadata.SequenceNr - 1));
            if (!_settings.KeepsAll)
            {
                DeleteMessages(saved.Metadata.SequenceNr);
                _payloads.DeleteSegmentsBefore(
                    Math.Min(_arrivals.OldestSegment ?? int.MaxValue, _state.OldestSegment ?? _payloads.ActiveSegment)
                );
            }
        });
        Command<DeleteMessagesSuccess>(_ => { });
        Command<DeleteMessagesFailure>(failed => _log.Warning("Old events stay: {0}", failed.Cause.Message));
        Command<SaveSnapshotFailure>(failed =>
        {
            _snapshotting = false;
            _log.Warning("No snapshot of the journal was written ({0}); recovery will read more of it", failed.Cause.Message);
        });
        Command<DeleteSnapshotsSuccess>(_ => { });
        Command<DeleteSnapshotsFailure>(failed => _log.Warning("Old snapshots stay: {0}", failed.Cause.Message));
    }

    public override string PersistenceId { get; }

    public ITimerScheduler Timers { get; set; } = null!;

    public static Props Props(SegmentLog payloads, BufferSettings settings, FaultPoints? faults = null) =>
        Akka.Actor.Props.Create(() => new TrajectoryBufferActor(payloads, settings, faults));

    protected override void OnPersistFailure(Exception cause, object @event, long sequenceNr)
    {
        // The actor stops after this; the parent ends the run with the reason.
        _parent.Tell(new JournalFailed($"The journal could not record {@event.GetType().Name}: {cause.Message}", cause));
        base.OnPersistFailure(cause, @event, sequenceNr);
    }

    protected override void OnPersistRejected(Exception cause, object @event, long sequenceNr) =>
        _parent.Tell(new JournalFailed($"The journal refused {@event.GetType().Name}: {cause.Message}", cause));

    protected override void OnRecoveryFailure(Exception reason, object? message = null)
    {
        _parent.Tell(new JournalFailed($"The journal could not be read: {reason.Message}", reason));
        base.OnRecoveryFailure(reason, message);
    }

    private void Request(RequestBatch request)
    {
        if (request.Epoch != _state.Epoch || request.From != _state.Committed)
        {
            _log.Warning(
                "A batch after {0} was asked for in {1}, but {2} is committed in {3}: refused",
                request.From,
                request.Epoch,
                _state.Committed,
                _state.Epoch
            );
            return;
        }

        _waiting = (Sender, request);
        Prepare();
    }

    /// <summary>Gives the waiting learner its groups: those prepared before a restart, or the oldest free ones.</summary>
    private void Prepare()
    {
        if (_waiting is not var (learner, request))
        {
            return;
        }

        if (_state.Prepared is not null)
        {
            _waiting = null;
            learner.Tell(new BatchPrepared(request.From, request.Epoch, [.. _state.PreparedGroups.Select(Load)]));
            return;
        }

        GroupAdmittedEvent[] free = [.. _state.Free];
        if (_settings.HardStalenessBound is { } bound)
        {
            GroupAdmittedEvent[] stale = [.. free.Where(stored => request.From.Value - stored.DispatchedAt.Value > bound)];
            foreach (GroupAdmittedEvent stored in stale)
            {
                TrainingGroup group = Load(stored);
                TurnDown(stored.Group, GroupRejection.Stale, [], new GroupExpired(group));
            }

            free = [.. free.Except(stale)];
        }

        if (free.Length < request.Groups)
        {
            return;
        }

        _waiting = null;
        ImmutableArray<GroupAdmittedEvent> chosen = [.. free.Take(request.Groups)];
        Record(new UpdatePreparedEvent(request.From, request.Epoch, [.. chosen.Select(stored => stored.Group)]), () =>
        {
            _faults.Reach(FaultPoints.UpdatePrepared);
            learner.Tell(new BatchPrepared(request.From, request.Epoch, [.. chosen.Select(Load)]));
        });
    }

    private void Commit(CommitUpdate commit)
    {
        if (commit.Epoch != _state.Epoch || _state.Prepared is not { } prepared || prepared.From.Next() != commit.Version)
        {
            _log.Warning(
                "Commit of {0} in {1} does not follow {2} in {3}: refused",
                commit.Version,
                commit.Epoch,
                _state.Committed,
                _state.Epoch
            );
            return;
        }

        IActorRef learner = Sender;
        Record(new UpdateCommittedEvent(commit.Version, commit.Epoch, commit.WeightsSha256), () =>
        {
            _faults.Reach(FaultPoints.UpdateCommitted);
            foreach (GroupId id in prepared.Groups)
            {
                _groups.Remove(id);
            }

            var committed = new UpdateCommitted(commit.Version, commit.Epoch, commit.WeightsSha256);
            learner.Tell(committed);
            _dispatcher.Tell(committed);
        });
    }

    private void Record(IBufferEvent happened, Action then) => Persist(happened, recorded => Recorded(recorded, then));

    private void Recorded(IBufferEvent happened, Action then)
    {
        _state.Apply(happened);
        then();
        if (LastSequenceNr >= _snapshotDue)
        {
            Snapshot();
        }
    }

    /// <summary>
    /// Writes the state, and not again before as many events as it holds groups: what snapshots cost stays in proportion to the events.
    /// </summary>
    private void Snapshot()
    {
        if (!_snapshotting)
        {
            _snapshotting = true;
            _snapshotDue = LastSequenceNr + Math.Max(_settings.SnapshotEvery, _state.Size);
            SaveSnapshot(_state.ToSnapshot());
        }
    }

    private TrainingGroup Load(GroupAdmittedEvent stored) =>
        _groups.TryGetValue(stored.Group, out TrainingGroup? group) ? group : Read(stored);

    private TrainingGroup Read(GroupAdmittedEvent stored) => GroupPayload.Read(_payloads.Read(stored.Payload));
}
