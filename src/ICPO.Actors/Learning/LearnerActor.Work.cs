using Akka.Actor;
using ICPO.Actors.Algorithm.Batches;
using ICPO.Actors.Buffering;
using ICPO.Actors.Contracts.Identity;
using ICPO.Actors.Contracts.Policies;
using ICPO.Actors.Faults;
using ICPO.Actors.RunEvents;

namespace ICPO.Actors.Learning;

/// <summary>The learner's messages, and the work that runs outside the actor: it reads and writes none of the actor's fields.</summary>
public sealed partial class LearnerActor
{
    /// <summary>Stop after the step in progress, with a checkpoint.</summary>
    public sealed record Stop : INoSerializationVerificationNeeded
    {
        public static Stop Instance { get; } = new();
    }

    /// <summary>Start training (after <see cref="Ready"/>).</summary>
    public sealed record Train : INoSerializationVerificationNeeded
    {
        public static Train Instance { get; } = new();
    }

    /// <summary>Sent to the parent when the learner has recovered and its weights are published.</summary>
    public sealed record Ready(PolicySnapshot Snapshot) : INoSerializationVerificationNeeded;

    /// <summary>Sent to the parent when new weights are published.</summary>
    public sealed record Advanced(PolicySnapshot Snapshot) : INoSerializationVerificationNeeded;

    /// <summary>Sent to the parent when no more updates will be made; <c>Checkpoint</c> names the last checkpoint.</summary>
    public sealed record Finished(PolicyVersion Version, string Checkpoint) : INoSerializationVerificationNeeded;

    private sealed record Damaged(DamagedCheckpoint Checkpoint) : INoSerializationVerificationNeeded;

    private sealed record Recovered(LearnerRecoveryReport Report, TimeSpan Elapsed, PolicySnapshot Snapshot)
        : INoSerializationVerificationNeeded;

    private sealed record Updated(AssembledBatch Batch, UpdateReport Report) : INoSerializationVerificationNeeded;

    private sealed record Published(PolicySnapshot Snapshot) : INoSerializationVerificationNeeded;

    private sealed record Saved(PolicyVersion Version) : INoSerializationVerificationNeeded;

    private sealed record Overdue(string What) : INoSerializationVerificationNeeded
    {
        public string Message(TimeSpan timeout) =>
            $"The learner was not done with {What} within {timeout.TotalSeconds:0} s; where it needs longer, raise learner.timeout. "
            + "What is committed is kept.";
    }

    private static void Report(string message) => Context.System.EventStream.Publish(new RunNote(message));

    /// <summary>Waits for work outside the actor in another behavior.</summary>
    /// <param name="work">Its result comes back as a message.</param>
    /// <param name="behavior">Receives the result.</param>
    /// <param name="bounded">Names the work that must end within the plan's timeout; null where the parent has a deadline.</param>
    private void Await<T>(Task<T> work, Action behavior, string? bounded = null)
    {
        _idle = false;
        if (bounded is not null)
        {
            Timers.StartSingleTimer(nameof(Overdue), new Overdue(bounded), _parts.Plan.Timeout);
        }

        Become(behavior);
        _ = work.PipeTo(Self);
    }

    private async Task<Recovered> RecoverAsync(BufferRecovered state, IActorRef self, CancellationToken cancellationToken)
    {
        long start = _parts.Time.GetTimestamp();
        var recovery = new LearnerRecovery(_parts.Learner, _parts.Assembler, _parts.Checkpoints)
        {
            Damaged = damaged => self.Tell(new Damaged(damaged)),
            Redone = () => _parts.Faults.Reach(FaultPoints.UpdateRedone),
        };
        LearnerRecoveryReport report = await recovery.RunAsync(state, cancellationToken).ConfigureAwait(false);
        TimeSpan elapsed = _parts.Time.GetElapsedTime(start);
        return new Recovered(report, elapsed, await WriteWeightsAsync(state.Epoch, cancellationToken).ConfigureAwait(false));
    }

    private async Task<Updated> UpdateAsync(AssembledBatch batch, CancellationToken cancellationToken) =>
        new(batch, await _parts.Learner.UpdateAsync(batch.Batch, cancellationToken).ConfigureAwait(false));

    private async Task<Published> PublishAsync(LearnerEpoch epoch, CancellationToken cancellationToken)
    {
        PolicySnapshot snapshot = await WriteWeightsAsync(epoch, cancellationToken).ConfigureAwait(false);
        _parts.Checkpoints.DeletePoliciesBefore(snapshot.Version);
        return new Published(snapshot);
    }

    private Task<PolicySnapshot> WriteWeightsAsync(LearnerEpoch epoch, CancellationToken cancellationToken) =>
        _parts.Learner.PublishAsync(_parts.Checkpoints.PolicyDirectory, epoch, cancellationToken);

    private async Task<Saved> SaveAsync(PolicyVersion version, CancellationToken cancellationToken)
    {
        await _parts.Learner.SaveAsync(_parts.Checkpoints.PathOf(version), cancellationToken).ConfigureAwait(false);
        return new Saved(version);
    }
}
