using Akka.Actor;
using Akka.Event;
using ICPO.Actors.Algorithm.Batches;
using ICPO.Actors.Buffering;
using ICPO.Actors.Checkpointing;
using ICPO.Actors.Contracts.Buffering;
using ICPO.Actors.Contracts.Identity;
using ICPO.Actors.Contracts.Nodes;
using ICPO.Actors.Contracts.Policies;
using ICPO.Actors.Faults;
using ICPO.Actors.RunEvents;

namespace ICPO.Actors.Learning;

/// <summary>
/// Trains one batch at a time; each is prepared in the journal before the step and committed after it. After a restart
/// <see cref="LearnerRecovery"/> brings it to the last committed update first. Work runs outside the actor; its result carries the version
/// that it belongs to and is applied on the actor's thread.
/// </summary>
public sealed partial class LearnerActor : ReceiveActor, IWithTimers
{
    private readonly LearnerParts _parts;
    private readonly CancellationTokenSource _ended = new();
    private readonly ILoggingAdapter _log = Context.GetLogger();
    private LearnerEpoch _epoch;
    private PolicyVersion _version;
    private PolicyVersion? _checkpointed;
    private bool _stopping;
    private bool _idle;

    public LearnerActor(LearnerParts parts)
    {
        _parts = parts;
        Receive<BufferRecovered>(state =>
        {
            _epoch = state.Epoch;
            Await(RecoverAsync(state, Self, _ended.Token), Recovering);
        });
        Common();
    }

    public ITimerScheduler Timers { get; set; } = null!;

    protected override void PostStop()
    {
        _ended.Cancel();
        _ended.Dispose();
    }

    private void ReadyToTrain()
    {
        Receive<Train>(_ => NextBatch());
        Common();
    }

    private void Waiting()
    {
        Receive<BatchPrepared>(
            batch => (batch.From, batch.Epoch) == (_version, _epoch),
            prepared =>
            {
                AssembledBatch batch = _parts.Assembler.Assemble(prepared.From, prepared.Groups);
                Await(UpdateAsync(batch, _ended.Token), Stepping, $"the update after {prepared.From}");
            }
        );
        Common();
    }

    private void Stepping()
    {
        Updated? made = null;
        Receive<Updated>(
            updated => updated.Report.Version == _version.Next(),
            updated =>
            {
                made = updated;
                _version = updated.Report.Version;
                LimitRecording($"recording the update to {_version} in the journal");
                _parts.Faults.Reach(FaultPoints.UpdateStepped);
                _parts.Buffer.Tell(new CommitUpdate(_version, _epoch, updated.Report.WeightsSha256) { Hardware = _parts.Learner.Hardware });
            }
        );
        Receive<UpdateCommitted>(
            committed => made is not null && committed.Version == _version,
            _ =>
            {
                _parts.Events.Publish(new UpdateReported(made!.Batch, made.Report));
                Await(PublishAsync(_epoch, _ended.Token), Publishing, $"publishing {_version}");
            }
        );
        Common();
    }

    private void Publishing()
    {
        Receive<Published>(
            published => published.Snapshot.Version == _version,
            published =>
            {
                Timers.Cancel(nameof(Overdue));
                _parts.Faults.Reach(FaultPoints.PolicyWritten);
                _parts.Events.Publish(new PolicyPublished(published.Snapshot));
                Context.Parent.Tell(new Advanced(published.Snapshot));
                _parts.Faults.Reach(FaultPoints.PolicyPublished);
                NextBatch();
            }
        );
        Common();
    }

    private void Saving()
    {
        Receive<Saved>(
            saved => saved.Version == _version,
            saved =>
            {
                _checkpointed = saved.Version;
                LimitRecording($"recording the checkpoint of {_version} in the journal");
                _parts.Faults.Reach(FaultPoints.CheckpointNamed);
                _parts.Buffer.Tell(new CheckpointWritten(saved.Version, CheckpointStore.Name(saved.Version)));
            }
        );

        // Older checkpoints are deleted only once the journal refers to the new one.
        Receive<CheckpointWrittenEvent>(recorded =>
        {
            Timers.Cancel(nameof(Overdue));
            _parts.Checkpoints.DeleteCheckpointsBefore(recorded.OldestKept ?? recorded.Version);
            NextBatch();
        });
        Common();
    }

    private void Common()
    {
        Receive<Status.Failure>(failure => throw new InvalidOperationException(failure.Cause.Message, failure.Cause));
        Receive<Overdue>(overdue => throw new TimeoutException(overdue.Message));
        Receive<Refused>(refused => throw new InvalidOperationException($"The trajectory buffer rejected the learner: {refused.Reason}"));
        Receive<Stop>(_ =>
        {
            bool idle = !_stopping && _idle;
            _stopping = true;
            if (idle)
            {
                NextBatch();
            }
        });
        Receive<BatchPrepared>(late => _log.Debug("The batch after {0} was not expected", late.From));
    }

    private void NextBatch()
    {
        bool last = _stopping || _version.Value >= _parts.Plan.Updates;
        if ((last || _parts.Plan.IsCheckpoint(_version)) && _checkpointed != _version)
        {
            Await(SaveAsync(_version, _ended.Token), Saving, $"the checkpoint of {_version}");
        }
        else if (last)
        {
            _idle = false;
            Context.Parent.Tell(new Finished(_version, CheckpointStore.Name(_version)));
            Become(Common);
        }
        else
        {
            _idle = true;
            Become(Waiting);
            _parts.Buffer.Tell(new RequestBatch(_version, _epoch, _parts.Plan.GroupsPerUpdate));
        }
    }

    public static Props Props(LearnerParts parts) => Akka.Actor.Props.Create(() => new LearnerActor(parts));
}

/// <summary>Starts the learner.</summary>
internal static class LearnerExtensions
{
    public static IActorRef StartLearner(this IActorContext context, LearnerParts parts) =>
        context.Watch(context.ActorOf(LearnerActor.Props(parts), "learner"));
}
