using System.Collections.Immutable;
using Akka.Actor;
using ICPO.Actors.Algorithm.Accuracy;
using ICPO.Actors.Algorithm.Batches;
using ICPO.Actors.Contracts.Groups;
using ICPO.Actors.Contracts.Identity;
using ICPO.Actors.Contracts.Policies;
using ICPO.Actors.Contracts.Rollouts;
using ICPO.Actors.Progress;

namespace ICPO.Actors.RunEvents;

/// <summary>A rollout is complete, whatever becomes of it; <c>Sampled</c> is false for traces.</summary>
public sealed record RolloutGenerated(RolloutId Rollout, int Tokens, bool Sampled) : INoSerializationVerificationNeeded
{
    public static RolloutGenerated Of(Rollout rollout, bool sampled) => new(rollout.Id, rollout.Tokens.Length, sampled);
}

/// <summary>A rollout will not come.</summary>
public sealed record RolloutLost(RolloutId Rollout) : INoSerializationVerificationNeeded;

/// <summary>A rollout came twice or too late (its lease had been tried again); no group decides about it.</summary>
public sealed record RolloutSuperseded(RolloutId Rollout, int Tokens) : INoSerializationVerificationNeeded;

/// <summary>The buffer stored a group.</summary>
public sealed record GroupKept(TrainingGroup Group) : INoSerializationVerificationNeeded;

/// <summary>The buffer recorded that a group does not train.</summary>
public sealed record GroupTurnedAway(GroupId Group, GroupRejection Reason, ImmutableArray<DroppedRollout> Dropped)
    : INoSerializationVerificationNeeded;

/// <summary>A group that had been stored was thrown away for its age.</summary>
public sealed record GroupExpired(TrainingGroup Group) : INoSerializationVerificationNeeded;

/// <summary>An update is committed.</summary>
public sealed record UpdateMade(AssembledBatch Batch, UpdateReport Report) : INoSerializationVerificationNeeded;

/// <summary>A version was evaluated.</summary>
public sealed record VersionEvaluated(PolicyVersion Version, EvaluationReport Report) : INoSerializationVerificationNeeded;

/// <summary>Something that a person who watches the run should know.</summary>
public sealed record RunNote(string Text) : INoSerializationVerificationNeeded;

/// <summary>The journal's database does not answer (any more), or answers again.</summary>
public sealed record JournalAway(bool Away, string Message) : INoSerializationVerificationNeeded;

/// <summary>The run entered a phase.</summary>
public sealed record PhaseEntered(RunPhase Phase, string? Message = null) : INoSerializationVerificationNeeded;
