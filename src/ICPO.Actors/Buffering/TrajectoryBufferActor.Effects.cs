using System.Collections.Immutable;
using Akka.Actor;
using Akka.Event;
using ICPO.Actors.Algorithm.Buffering;
using ICPO.Actors.Contracts.Buffering;
using ICPO.Actors.Contracts.Identity;
using ICPO.Actors.Faults;
using ICPO.Actors.RunEvents;

namespace ICPO.Actors.Buffering;

/// <summary>The effects of a recorded event.</summary>
public sealed partial class TrajectoryBufferActor
{
    /// <param name="happened">The event, recorded and applied.</param>
    /// <param name="expired">The stored group that it rejects, or null.</param>
    private void CarryOut(IBufferEvent happened, GroupAdmittedEvent? expired)
    {
        _settings.Traces.Recorded(happened);
        switch (happened)
        {
            case RolloutStoredEvent:
                _faults.Reach(FaultPoints.RolloutStored);
                break;
            case GroupAdmittedEvent stored:
                _faults.Reach(FaultPoints.GroupStored);
                _settings.Events.Publish(stored);
                _dispatcher.Tell(new GroupAdmitted(stored.Group));
                break;
            case GroupRejectedEvent down:
                _settings.Events.Publish(expired is null ? down : new GroupExpired(_groups.Load(expired), down.Reason));
                _groups.Remove(down.Group);
                _dispatcher.Tell(new GroupRejected(down.Group, down.Reason));
                break;
            case UpdatePreparedEvent:
                _faults.Reach(FaultPoints.UpdatePrepared);
                break;
            case UpdateCommittedEvent:
                _faults.Reach(FaultPoints.UpdateCommitted);
                foreach (GroupAdmittedEvent trained in _state.Uncheckpointed[^1].Groups)
                {
                    _groups.Remove(trained.Group);
                }

                break;
            case CheckpointWrittenEvent:
                _faults.Reach(FaultPoints.CheckpointRecorded);
                break;
            case EpochStartedEvent:
                _faults.Reach(FaultPoints.EpochStarted);
                break;
        }
    }

    /// <summary>Recovery is complete: starts a new epoch and reports the recovered state to the parent.</summary>
    private void StartEpoch()
    {
        HashSet<RolloutId> unreadable = [];
        ImmutableArray<PartialGroup> kept =
        [
            .. _state
                .Rollouts.Values.Select(stored => _groups.Read(stored, (rollout, error) =>
                    {
                        _log.Warning("Rollout {0} cannot be read and is sampled again: {1}", rollout, error.Message);
                        unreadable.Add(rollout);
                    }))
                .Where(group => !group.Rollouts.IsEmpty),
        ];
        _faults.Reach(FaultPoints.JournalRead);
        Persist(_state.Decide(new BufferCommand.StartEpoch([.. unreadable], _settings.Fence?.Epoch ?? 0)), () => _parent.Tell(
                new BufferRecovered
                {
                    Epoch = _state.Epoch,
                    Committed = _state.Committed,
                    Checkpoints = [.. _state.Checkpoints.Reverse()],
                    Updates = [.. _state.Uncheckpointed.Select(ToRecordedUpdate)],
                    Buffered = _state.Buffered,
                    Undecided = [.. _state.Undecided],
                    Next = _state.Next,
                    Decided = new DecidedGroups(_state.Decided.Watermark, _state.Decided.Above),
                    Ledger = _state.Ledger,
                    TrainingAgain = [.. _state.TrainingAgain],
                    Kept = kept,
                    Note = _payloads.Note,
                }
            ));
    }

    private RecordedUpdate ToRecordedUpdate(UncheckpointedUpdate update) =>
        new(new PolicyVersion(update.Version.Value - 1), update.WeightsSha256, () => [.. update.Groups.Select(_groups.Read)])
        {
            Hardware = update.Hardware,
        };
}
