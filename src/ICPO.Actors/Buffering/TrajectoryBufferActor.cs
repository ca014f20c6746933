using Akka.Actor;
using Akka.Event;
using Akka.Persistence;
using ICPO.Actors.Algorithm.Buffering;
using ICPO.Actors.Contracts.Buffering;
using ICPO.Actors.Contracts.Identity;
using ICPO.Actors.Contracts.Nodes;
using ICPO.Actors.Faults;
using ICPO.Actors.Journaling;
using ICPO.Actors.Wire.Segments;

namespace ICPO.Actors.Buffering;

/// <summary>
/// Holds admitted groups until the learner has trained on them. <see cref="BufferState.Decide"/> determines the events of a command; the
/// actor persists them and only then replies, so an admitted group trains effectively once, no matter what crashes and when.
/// </summary>
public sealed partial class TrajectoryBufferActor : ReceivePersistentActor, IWithTimers
{
    private readonly IPayloadStore _payloads;
    private readonly BufferSettings _settings;
    private readonly FaultPoints _faults;
    private readonly IActorRef _parent;
    private readonly ILoggingAdapter _log = Context.GetLogger();
    private readonly PendingWrites _pending;
    private readonly GroupCache _groups;
    private readonly CancellationTokenSource _ended = new();
    private BufferState _state = new();
    private IActorRef _dispatcher = ActorRefs.Nobody;
    private (IActorRef Learner, RequestBatch Request)? _waiting;

    /// <summary>Sets the dispatcher, which is notified of admitted and rejected groups and of committed updates.</summary>
    public sealed record AttachDispatcher(IActorRef Dispatcher) : INoSerializationVerificationNeeded;

    /// <summary>Records everything received so far, then answers <see cref="Flushed"/>.</summary>
    public sealed record Flush : INoSerializationVerificationNeeded
    {
        public static Flush Instance { get; } = new();
    }

    /// <summary>Everything received before <see cref="Flush"/> is recorded.</summary>
    public sealed record Flushed : INoSerializationVerificationNeeded
    {
        public static Flushed Instance { get; } = new();
    }

    public TrajectoryBufferActor(IPayloadStore payloads, BufferSettings settings, FaultPoints? faults = null)
    {
        (_payloads, _settings) = (payloads, settings);
        _faults = faults ?? FaultPoints.None;
        _parent = Context.Parent;
        PersistenceId = settings.PersistenceId;
        (JournalPluginId, SnapshotPluginId) = (JournalPlugin.JournalId(settings.RunId), JournalPlugin.SnapshotStoreId(settings.RunId));
        _pending = new PendingWrites(payloads);
        _groups = new GroupCache(payloads);

        Recover<SnapshotOffer>(RestoreSnapshot);
        Recover<IBufferEvent>(happened => _state.Apply(happened));
        Recover<RecoveryCompleted>(_ => StartEpoch());

        Command<AttachDispatcher>(attach => _dispatcher = attach.Dispatcher);
        ReceiveArrivals();
        Command<RejectGroup>(reject => Reject(reject.Group.Id, reject));
        Command<RequestBatch>(request => Prepare(Sender, request));
        Command<CommitUpdate>(Commit);
        Command<RecordRedone>(RecordRedone);
        Command<CheckpointWritten>(RecordCheckpoint);
        ReceiveSnapshotResults();
    }

    public override string PersistenceId { get; }

    public ITimerScheduler Timers { get; set; } = null!;

    private void Reject(GroupId id, RejectGroup reject)
    {
        if (_pending.Contains(id))
        {
            _log.Warning("Group {0} is admitted already; its rejection ({1}) is ignored", id, reject.Reason);
            return;
        }

        _pending.Remove(id);
        Persist(_state.Decide(new BufferCommand.Reject(id, reject.Reason, reject.Dropped)));
    }

    /// <summary>Answers with the groups of the next update, or remembers the request until there are enough.</summary>
    private void Prepare(IActorRef learner, RequestBatch request)
    {
        BufferDecision decision = _state.Decide(
            new BufferCommand.PrepareBatch(request.From, request.Epoch, request.Groups, _settings.HardStalenessBound)
            {
                MaxQueueAge = _settings.MaxQueueAge,
                Selection = _settings.Selection,
                Seed = _settings.Seed,
            }
        );
        switch (decision.Answer)
        {
            case BufferAnswer.Waiting:
                _waiting = (learner, request);
                Persist(decision);
                break;
            case BufferAnswer.Accepted:
                _waiting = null;
                Persist(decision, () =>
                    learner.Tell(new BatchPrepared(request.From, request.Epoch, [.. _state.PreparedGroups.Select(_groups.Load)]))
                );
                break;
            default:
                Persist(decision, asker: learner);
                break;
        }
    }

    private void Commit(CommitUpdate commit)
    {
        IActorRef learner = Sender;
        Persist(
            _state.Decide(new BufferCommand.Commit(commit.Version, commit.Epoch, commit.WeightsSha256) { Hardware = commit.Hardware }),
            () =>
            {
                var committed = new UpdateCommitted(commit.Version, commit.Epoch, commit.WeightsSha256);
                learner.Tell(committed);
                _dispatcher.Tell(committed);
            },
            learner
        );
    }

    private void RecordRedone(RecordRedone redone)
    {
        IActorRef learner = Sender;
        BufferDecision decision = _state.Decide(new BufferCommand.RecordRedone(redone.Epoch, redone.Hardware, redone.Updates));
        Persist(decision, () => learner.Tell(decision.Events[0]), learner);
    }

    private void RecordCheckpoint(CheckpointWritten written)
    {
        IActorRef learner = Sender;
        Persist(
            _state.Decide(new BufferCommand.RecordCheckpoint(written.Version, written.Directory, _settings.Keep(_state.Checkpoints))),
            () =>
            {
                learner.Tell(_state.Checkpoint!);
                Snapshot();
            },
            learner
        );
    }

    /// <summary>Persists the events of a decision, applies each, and carries out its effects; then answers.</summary>
    /// <param name="decision">The decision.</param>
    /// <param name="answer">Called once everything is recorded.</param>
    /// <param name="asker">Receives the reason of a rejection; null if no reply is expected.</param>
    private void Persist(BufferDecision decision, Action? answer = null, IActorRef? asker = null)
    {
        if (decision.Answer == BufferAnswer.Refused)
        {
            _log.Warning("Refused: {0}", decision.Reason);
            asker?.Tell(new Refused(decision.Reason!, _state.Epoch));
            return;
        }

        if (decision.Events.IsEmpty)
        {
            answer?.Invoke();
            return;
        }

        PersistAll(decision.Events, happened =>
        {
            GroupAdmittedEvent? expired = happened is GroupRejectedEvent down ? _state.FindPending(down.Group) : null;
            _state.Apply(happened);
            CarryOut(happened, expired);
            if (ReferenceEquals(happened, decision.Events[^1]))
            {
                answer?.Invoke();
            }

            SnapshotIfDue();
        });
    }

    public static Props Props(IPayloadStore payloads, BufferSettings settings, FaultPoints? faults = null) =>
        Akka.Actor.Props.Create(() => new TrajectoryBufferActor(payloads, settings, faults));
}

/// <summary>Starts the trajectory buffer.</summary>
internal static class TrajectoryBufferExtensions
{
    public static IActorRef StartTrajectoryBuffer(
        this IActorContext context,
        IPayloadStore payloads,
        BufferSettings settings,
        FaultPoints faults
    ) => context.Watch(context.ActorOf(TrajectoryBufferActor.Props(payloads, settings, faults), "trajectory-buffer"));
}
