using Akka.Actor;
using ICPO.Actors.Algorithm.Batches;
using ICPO.Actors.Contracts.Identity;
using ICPO.Actors.Contracts.Policies;

namespace ICPO.Actors.Learning;

/// <summary>The messages of the learner.</summary>
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

    private sealed record Overdue(string What, TimeSpan Timeout) : INoSerializationVerificationNeeded
    {
        public string Message =>
            $"The learner did not complete {What} within {Timeout.TotalSeconds:0} s; if it needs longer, raise learner.timeout. "
            + "Committed updates are kept.";
    }
}
