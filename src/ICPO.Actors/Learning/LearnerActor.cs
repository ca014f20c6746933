using Akka.Actor;
using Akka.Event;
using ICPO.Actors.Algorithm.Batches;
using ICPO.Actors.Algorithm.Buffering;
using ICPO.Actors.Buffering;
using ICPO.Actors.Contracts.Buffering;
using ICPO.Actors.Contracts.Identity;
using ICPO.Actors.Contracts.Policies;
using ICPO.Actors.Faults;
using ICPO.Actors.RunEvents;

namespace ICPO.Actors.Learning;

/// <summary>
/// Trains: one batch at a time, each prepared in the journal before the step and committed after it. On a restart it goes
/// back to the newest checkpoint that is whole and makes the recorded updates since then again, which must give the recorded hashes.
/// </summary>
public sealed class LearnerActor : ReceiveActor, IWithTimers
{
    private readonly ILearner _learner;
    private readonly BatchAssembler _assembler;
    private readonly LearnerPlan _plan;
    private readonly IActorRef _buffer;
    private readonly TimeProvider _time;
    private readonly FaultPoints _faults;
    private readonly EventStream _events = Context.System.EventStream;
    private readonly ILoggingAdapter _log = Context.GetLogger();
    private LearnerEpoch _epoch;
    private PolicyVersion? _checkpointed;
    private bool _stopping;

    /// <summary>Stop after the step in progress, with a checkpoint.</summary>
    public sealed record Stop : INoSerializationVerificationNeeded
    {
        public static Stop Instance { get; } = new();
    }

    /// <summary>Told to the parent when the learner stands ready with the newest weights.</summary>
    public sealed record Ready(PolicySnapshot Snapshot) : INoSerializationVerificationNeeded;

    /// <summary>Told to the parent when new weights are published.</summary>
    public sealed record Advanced(PolicySnapshot Snapshot) : INoSerializationVerificationNeeded;

    /// <summary>Told to the parent when no more updates will be made; the last checkpoint lies in <c>Checkpoint</c>.</summary>
    public sealed record Finished(PolicyVersion Version, string Checkpoint) : INoSerializationVerificationNeeded;

    /// <summary>Begin to train (after <see cref="Ready"/>).</summary>
    public sealed record Train : INoSerializationVerificationNeeded
    {
        public static Train Instance { get; } = new();
    }

    private sealed record Recovered(PolicySnapshot Snapshot) : INoSerializationVerificationNeeded;

    private sealed record Updated(AssembledBatch Batch, UpdateReport Report) : INoSerializationVerificationNeeded;

    private sealed record Published(PolicySnapshot Snapshot) : INoSerializationVerificationNeeded;

    private sealed record Saved(PolicyVersion Version, string Directory) : INoSerializationVerificationNeeded;

    private sealed record Overdue(string What) : INoSerializationVerificationNeeded;

    public LearnerActor(
        ILearner learner,
        BatchAssembler assembler,
        LearnerPlan plan,
        IActorRef buffer,
        TimeProvider time,
        FaultPoints? faults = null
    )
    {
        (_learner, _assembler, _plan, _buffer, _time, _faults) = (learner, assembler, plan, buffer, time, faults ?? FaultPoints.None);
        Receive<Status.Failure>(failure => throw new InvalidOperationException(failure.Cause.Message, failure.Cause));
        Receive<BufferRecovered>(recovered => Await(RecoverAsync(recovered), Recovering));
    }

    public ITimerScheduler Timers { get; set; } = null!;

    public static Props Props(
        ILearner learner,
        BatchAssembler assembler,
        LearnerPlan plan,
        IActorRef buffer,
        TimeProvider time,
        FaultPoints? faults = null
    ) => Akka.Actor.Props.Create(() => new LearnerActor(learner, assembler, plan, buffer, time, faults));

    private void Recovering()
    {
        Receive<Recovered>(recovered =>
        {
            Context.System.EventStream.Publish(new PolicyPublished(recovered.Snapshot));
            Context.Parent.Tell(new Ready(recovered.Snapshot));
            Become(Standing);
        });
        Common();
    }

    private void Standing()
    {
        Receive<Train>(_ => NextBatch());
        Common();
    }

    private void Waiting()
    {
        Receive<BatchPrepared>(
            prepared => prepared.From == _learner.Version && prepared.Epoch == _epoch,
            prepared =>
            {
                AssembledBatch batch = _assembler.Assemble(prepared.From, prepared.Groups);
                Await(UpdateAsync(batch), Stepping, $"the update after {prepared.From}");
            }
        );
        Common();
    }

    private void Stepping()
    {
        Updated? made = null;
        Receive<Updated>(updated =>
        {
            made = updated;
            Timers.Cancel(nameof(Overdue));
            _faults.Reach(FaultPoints.UpdateStepped);
            _buffer.Tell(new CommitUpdate(updated.Report.Version, _epoch, updated.Report.WeightsSha256));
        });
        Receive<UpdateCommitted>(_ =>
        {
            Context.System.EventStream.Publish(new UpdateReported(made!.Batch, made.Report));
            Await(PublishAsync(), Publishing, $"publishing {_learner.Version}");
        });
        Common();
    }

    private void Publishing()
    {
        Receive<Published>(published =>
        {
            Timers.Cancel(nameof(Overdue));
            _faults.Reach(FaultPoints.PolicyWritten);
            Context.System.EventStream.Publish(new PolicyPublished(published.Snapshot));
            Context.Parent.Tell(new Advanced(published.Snapshot));
            _faults.Reach(FaultPoints.PolicyPublished);
            NextBatch();
        });
        Common();
    }

    private void Saving()
    {
        Receive<Saved>(saved =>
        {
            _checkpointed = saved.Version;
            Timers.Cancel(nameof(Overdue));
            _faults.Reach(FaultPoints.CheckpointNamed);
            _buffer.Tell(new CheckpointWritten(saved.Version, saved.Directory));
        });

        // Only once the journal names the new checkpoint may those go that it no longer names.
        Receive<CheckpointWrittenEvent>(recorded =>
        {
            _plan.Prune(recorded.OldestKept ?? recorded.Version);
            NextBatch();
        });
        Common();
    }

    private void Common()
    {
        Receive<Status.Failure>(failure => throw new InvalidOperationException(failure.Cause.Message, failure.Cause));
        Receive<Overdue>(overdue =>
            throw new TimeoutException(
                $"The learner was not done with {overdue.What} within {_plan.Timeout.TotalSeconds:0} s; where it needs longer, raise learner.timeout. What is committed is kept."
            )
        );
        Receive<Stop>(_ =>
        {
            bool idle = !_stopping && _idle;
            _stopping = true;
            if (idle)
            {
                NextBatch();
            }
        });
        Receive<BatchPrepared>(late => _log.Debug("Batch after {0} came when nobody waited for it", late.From));
    }

    private bool _idle;

    private void NextBatch()
    {
        PolicyVersion version = _learner.Version;
        bool last = _stopping || version.Value >= _plan.Updates;
        if ((last || _plan.IsCheckpoint(version)) && _checkpointed != version)
        {
            Await(SaveAsync(), Saving, $"the checkpoint of {version}");
            return;
        }

        if (last)
        {
            _idle = false;
            Context.Parent.Tell(new Finished(version, LearnerPlan.CheckpointName(version)));
            Become(Common);
            return;
        }

        _idle = true;
        Become(Waiting);
        _buffer.Tell(new RequestBatch(version, _epoch, _plan.GroupsPerUpdate));
    }

    /// <param name="bounded">What has to be done within the plan's time; null where another deadline stands.</param>
    private void Await<T>(Task<T> work, Action behaviour, string? bounded = null)
    {
        _idle = false;
        if (bounded is not null)
        {
            Timers.StartSingleTimer(nameof(Overdue), new Overdue(bounded), _plan.Timeout);
        }

        Become(behaviour);
        _ = work.PipeTo(Self);
    }

    private async Task<Recovered> RecoverAsync(BufferRecovered state)
    {
        _epoch = state.Epoch;
        _plan.RemoveUnfinished();
        long start = _time.GetTimestamp();
        HashSet<PolicyVersion> damaged = await RestoreAsync(state).ConfigureAwait(false);
        RecordedUpdate[] lost = [.. state.Updates.Where(update => update.From >= _learner.Version)];
        if (_learner.Version.Value + lost.Length != state.Committed.Value)
        {
            throw new InvalidDataException(
                $"The journal holds {state.Committed} but only {lost.Length} updates after {_learner.Version}, the newest weights that can be read; put the damaged checkpoint back from a copy, or start a new run."
            );
        }

        foreach (RecordedUpdate update in lost)
        {
            await RedoAsync(update).ConfigureAwait(false);
            if (damaged.Contains(_learner.Version))
            {
                await _learner
                    .SaveAsync(_plan.CheckpointPath(LearnerPlan.CheckpointName(_learner.Version)), CancellationToken.None)
                    .ConfigureAwait(false);
                _checkpointed = _learner.Version;
            }
        }

        if (lost.Length > 0)
        {
            Say(
                $"made updates {lost[0].From.Next()} to {state.Committed} again from the journal in {_time.GetElapsedTime(start).TotalSeconds:0.0} s"
            );
        }

        return new Recovered(await _learner.PublishAsync(_plan.PolicyDirectory, _epoch, CancellationToken.None).ConfigureAwait(false));
    }

    /// <summary>Takes the newest checkpoint that is whole, or stays with the base model.</summary>
    /// <returns>Versions of those that are not.</returns>
    private async Task<HashSet<PolicyVersion>> RestoreAsync(BufferRecovered state)
    {
        HashSet<PolicyVersion> damaged = [];
        foreach (CheckpointWrittenEvent checkpoint in state.Checkpoints)
        {
            try
            {
                await _learner.RestoreAsync(_plan.CheckpointPath(checkpoint.Directory), CancellationToken.None).ConfigureAwait(false);
                _checkpointed = checkpoint.Version;
                break;
            }
            catch (Exception error) when (error is InvalidDataException or IOException)
            {
                damaged.Add(checkpoint.Version);
                _log.Error(error, "Checkpoint {0} is damaged: {1}", checkpoint.Directory, error.Message);
                Say($"checkpoint {checkpoint.Directory} is damaged, the one before it is used: {error.Message}");
            }
        }

        return damaged;
    }

    private async Task RedoAsync(RecordedUpdate update)
    {
        UpdateReport report = await _learner
            .UpdateAsync(_assembler.Assemble(update.From, update.Load()).Batch, CancellationToken.None)
            .ConfigureAwait(false);
        if (report.WeightsSha256 != update.WeightsSha256)
        {
            throw new InvalidDataException(
                $"Update {report.Version} made again from the journal gives weights {report.WeightsSha256[..12]}, but {update.WeightsSha256[..12]} is recorded. "
                    + "The configuration, the machine or a payload has changed since; start a new run from the last checkpoint instead."
            );
        }

        _faults.Reach(FaultPoints.UpdateRedone);
    }

    private void Say(string message) => _events.Publish(new RunNote(message));

    private async Task<Updated> UpdateAsync(AssembledBatch batch)
    {
        UpdateReport report = await _learner.UpdateAsync(batch.Batch, CancellationToken.None).ConfigureAwait(false);
        return new Updated(batch, report);
    }

    private async Task<Published> PublishAsync()
    {
        PolicySnapshot snapshot = await _learner.PublishAsync(_plan.PolicyDirectory, _epoch, CancellationToken.None).ConfigureAwait(false);
        _plan.PrunePolicies(snapshot);
        return new Published(snapshot);
    }

    private async Task<Saved> SaveAsync()
    {
        PolicyVersion version = _learner.Version;
        string name = LearnerPlan.CheckpointName(version);
        await _learner.SaveAsync(_plan.CheckpointPath(name), CancellationToken.None).ConfigureAwait(false);
        return new Saved(version, name);
    }
}
