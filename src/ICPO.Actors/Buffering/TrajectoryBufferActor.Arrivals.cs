using System.Collections.Immutable;
using Akka.Actor;
using Akka.Event;
using ICPO.Actors.Algorithm.Buffering;
using ICPO.Actors.Contracts.Buffering;
using ICPO.Actors.Contracts.Groups;
using ICPO.Actors.Contracts.Identity;
using ICPO.Actors.Faults;

namespace ICPO.Actors.Buffering;

/// <summary>
/// How groups and rollouts that arrive get into the journal: payload first, then many events in one write.
/// </summary>
public sealed partial class TrajectoryBufferActor
{
    private bool _writeRequested;

    private sealed record WriteGroups : INoSerializationVerificationNeeded
    {
        public static WriteGroups Instance { get; } = new();
    }

    private sealed record WriteOlderRollouts : INoSerializationVerificationNeeded
    {
        public static WriteOlderRollouts Instance { get; } = new();
    }

    private void ReceiveArrivals()
    {
        Command<AdmitGroup>(admit => Admit(admit.Group));
        Command<StoreRollout>(Keep);
        Command<WriteGroups>(_ =>
        {
            _writeRequested = false;
            WritePendingGroups();
        });
        Command<WriteOlderRollouts>(_ =>
        {
            Write(_pending.TakeOlderRollouts(), []);
            if (_pending.HasRollouts)
            {
                ScheduleRollouts();
            }
        });
        Command<Flush>(_ =>
        {
            IActorRef asking = Sender;
            Write(_pending.TakeRollouts(), _pending.TakeGroups(), () => DeferAsync(Flushed.Instance, flushed => asking.Tell(flushed)));
        });
    }

    private void Admit(TrainingGroup group)
    {
        if (IsDecided(group.Id))
        {
            _log.Debug("Group {0} is decided already", group.Id);
            return;
        }

        _groups.Add(group);
        _pending.Add(group);
        RequestWrite();
    }

    private void Keep(StoreRollout keep)
    {
        RolloutId id = keep.Rollout.Rollout.Id;
        if (IsDecided(id.Group) || _state.IsStored(id))
        {
            return;
        }

        _pending.Add(keep);
        if (_settings.RolloutDelay == TimeSpan.Zero)
        {
            RequestWrite();
        }
        else if (!Timers.IsTimerActive(WriteOlderRollouts.Instance))
        {
            ScheduleRollouts();
        }
    }

    private void ScheduleRollouts() =>
        Timers.StartSingleTimer(WriteOlderRollouts.Instance, WriteOlderRollouts.Instance, _settings.RolloutDelay);

    /// <summary>Checked before a payload is written for nothing; the decision checks again before the event is.</summary>
    private bool IsDecided(GroupId group) => _state.Decided.Contains(group) || _pending.Contains(group);

    private void RequestWrite()
    {
        if (_pending.Groups >= BufferSettings.MaxBatch)
        {
            WritePendingGroups();
        }
        else if (!_writeRequested)
        {
            // Sent to the end of the mailbox: all messages before it share one write.
            _writeRequested = true;
            Self.Tell(WriteGroups.Instance);
        }
    }

    private void WritePendingGroups() =>
        Write(_settings.RolloutDelay == TimeSpan.Zero ? _pending.TakeRollouts() : [], _pending.TakeGroups());

    /// <summary>
    /// Payloads are stored before the events that refer to them, and both before any reply is sent. A message that arrives while a database
    /// stores payloads waits until that is complete.
    /// </summary>
    private void Write(ImmutableArray<RolloutStoredEvent> rollouts, ImmutableArray<GroupAdmittedEvent> groups, Action? then = null)
    {
        if (rollouts.IsEmpty && groups.IsEmpty)
        {
            then?.Invoke();
            return;
        }

        ValueTask stored = _payloads.FlushAsync(_settings.Durable, _ended.Token);
        if (stored.IsCompletedSuccessfully)
        {
            Record(rollouts, groups);
            then?.Invoke();
            return;
        }

        RunTask(async () =>
        {
            await stored.ConfigureAwait(true);
            Record(rollouts, groups);
            then?.Invoke();
        });
    }

    private void Record(ImmutableArray<RolloutStoredEvent> rollouts, ImmutableArray<GroupAdmittedEvent> groups)
    {
        foreach (GroupAdmittedEvent _ in groups)
        {
            _faults.Reach(FaultPoints.PayloadWritten);
        }

        Persist(_state.Decide(new BufferCommand.Admit(rollouts, groups)), () =>
        {
            if (_waiting is var (learner, request))
            {
                Prepare(learner, request);
            }
        });
    }
}
