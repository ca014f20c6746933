using System.Collections.Immutable;
using System.Runtime.Serialization;
using Akka.Actor;
using Akka.Event;
using ICPO.Actors.Algorithm.Buffering;
using ICPO.Actors.Contracts.Buffering;
using ICPO.Actors.Contracts.Groups;
using ICPO.Actors.Contracts.Identity;
using ICPO.Actors.Faults;
using ICPO.Actors.RunEvents;
using ICPO.Actors.Wire.Segments;

namespace ICPO.Actors.Buffering;

/// <summary>What the buffer says when it stands again, and how it records groups and rollouts that come.</summary>
public sealed partial class TrajectoryBufferActor
{
    /// <summary>After recovery: a new epoch begins, and the parent learns where the run stands.</summary>
    private void Stand()
    {
        ImmutableArray<PartialGroup> kept = [.. _state.Rollouts.Values.ToArray().Select(Kept).Where(group => !group.Rollouts.IsEmpty)];
        Record(new EpochStartedEvent(new LearnerEpoch(_state.Epoch.Value + 1)), () =>
        {
            _faults.Reach(FaultPoints.EpochStarted);
            _parent.Tell(
                new BufferRecovered(
                    _state.Epoch,
                    _state.Committed,
                    [.. _state.Checkpoints.Reverse()],
                    [
                        .. _state.Uncheckpointed.Select(update => new RecordedUpdate(
                            new PolicyVersion(update.Version.Value - 1),
                            update.WeightsSha256,
                            () => [.. update.Groups.Select(Read)]
                        )),
                    ],
                    _state.Buffered,
                    [.. _state.Undecided],
                    _state.Next,
                    _state.Ledger,
                    _payloads.Tail?.ToString()
                )
                {
                    Kept = kept,
                }
            );
        });
    }

    /// <summary>
    /// What is there of a group. A rollout that cannot be read can be made again, so it does not end the run as a group would.
    /// </summary>
    private PartialGroup Kept(ImmutableArray<RolloutStoredEvent> stored)
    {
        ImmutableArray<JudgedRollout>.Builder rollouts = ImmutableArray.CreateBuilder<JudgedRollout>();
        foreach (RolloutStoredEvent rollout in stored)
        {
            try
            {
                rollouts.Add(GroupPayload.ReadRollout(_payloads.Read(rollout.Payload)));
            }
            catch (Exception error) when (error is InvalidDataException or SerializationException)
            {
                _log.Warning("Rollout {0} is sampled again: {1}", rollout.Rollout, error.Message);
                Record(new RolloutDroppedEvent(rollout.Rollout, rollout.Tokens), () => { });
            }
        }

        return new PartialGroup(stored[0].Rollout.Group, stored[0].DispatchedAt, rollouts.ToImmutable());
    }

    private void Admit(TrainingGroup group)
    {
        if (IsDecided(group.Id))
        {
            _log.Debug("Group {0} is decided already", group.Id);
            return;
        }

        _groups[group.Id] = group;
        _arrivals.Add(group);
        StoreSoon();
    }

    private void Keep(StoreRollout keep)
    {
        RolloutId id = keep.Rollout.Rollout.Id;
        if (!IsDecided(id.Group) && !_state.Rollouts.GetValueOrDefault(id.Group, []).Any(kept => kept.Rollout == id))
        {
            _arrivals.Add(keep);
            if (_settings.RolloutDelay == TimeSpan.Zero)
            {
                StoreSoon();
            }
            else if (!Timers.IsTimerActive(Tick.Instance))
            {
                Timers.StartSingleTimer(Tick.Instance, Tick.Instance, _settings.RolloutDelay);
            }
        }
    }

    private bool IsDecided(GroupId group) => _state.Decided.Contains(group) || _arrivals.Contains(group);

    /// <summary>Rollouts that have waited long enough are recorded; the others wait for the next tick.</summary>
    private void StoreOlderRollouts()
    {
        Store(_arrivals.TakeOlderRollouts());
        if (_arrivals.HasRollouts)
        {
            Timers.StartSingleTimer(Tick.Instance, Tick.Instance, _settings.RolloutDelay);
        }
    }

    private void StoreSoon()
    {
        if (_arrivals.Groups >= BufferSettings.LargestBatch)
        {
            StoreGroups();
        }
        else if (!_storing)
        {
            // Behind what lies in the mailbox: all that is there by then is recorded together, at the cost of one.
            _storing = true;
            Self.Tell(StoreArrived.Instance);
        }
    }

    private void StoreGroups() => Store(_settings.RolloutDelay == TimeSpan.Zero ? TakeAll() : _arrivals.TakeGroups());

    /// <summary>Two ticks at once: those that have waited for one, and those that have not.</summary>
    private ImmutableArray<IBufferEvent> TakeAll() =>
        [.. _arrivals.TakeOlderRollouts(), .. _arrivals.TakeOlderRollouts(), .. _arrivals.TakeGroups()];

    /// <summary>
    /// Records what has come: payloads are written before the events that refer to them, and both before anybody is told.
    /// </summary>
    private void Store(ImmutableArray<IBufferEvent> batch)
    {
        if (batch.IsEmpty)
        {
            return;
        }

        if (_settings.Durable)
        {
            _payloads.Flush();
        }

        foreach (GroupAdmittedEvent _ in batch.OfType<GroupAdmittedEvent>())
        {
            _faults.Reach(FaultPoints.PayloadWritten);
        }

        PersistAll(batch, happened => Recorded(happened, () =>
            {
                if (happened is not GroupAdmittedEvent stored)
                {
                    _faults.Reach(FaultPoints.RolloutStored);
                    return;
                }

                _faults.Reach(FaultPoints.GroupStored);
                Context.System.EventStream.Publish(stored);
                _dispatcher.Tell(new GroupAdmitted(stored.Group));
                if (ReferenceEquals(stored, batch[^1]))
                {
                    Prepare();
                }
            }));
    }

    private void TurnDown(GroupId id, GroupRejection reason, ImmutableArray<DroppedRollout> dropped, GroupExpired? expired = null)
    {
        _arrivals.Forget(id);
        var rejected = new GroupRejectedEvent(id, reason, dropped);
        Record(rejected, () =>
        {
            _groups.Remove(id);
            Context.System.EventStream.Publish(expired as object ?? rejected);
            _dispatcher.Tell(new GroupRejected(id, reason));
        });
    }
}
