using System.Collections.Immutable;
using Akka.Actor;
using ICPO.Actors.Contracts;

namespace ICPO.Actors;

/// <summary>A rollout is complete, whatever becomes of it; <c>Sampled</c> is false for traces.</summary>
public sealed record RolloutGenerated(Origin Origin, int Tokens, bool Sampled) : INoSerializationVerificationNeeded
{
    public static RolloutGenerated Of(Rollout rollout, bool sampled) => new(rollout.Origin, rollout.Tokens.Length, sampled);
}

/// <summary>A rollout came a second time (its lease had been tried again) and is nobody's.</summary>
public sealed record RolloutRepeated(Origin Origin, int Tokens) : INoSerializationVerificationNeeded;

/// <summary>The buffer stored a group.</summary>
public sealed record GroupKept(TrainingGroup Group) : INoSerializationVerificationNeeded;

/// <summary>The buffer recorded that a group does not train.</summary>
public sealed record GroupTurnedAway(GroupId Group, GroupRejection Reason, ImmutableArray<DroppedRollout> Dropped) : INoSerializationVerificationNeeded;

/// <summary>An update is committed.</summary>
public sealed record UpdateMade(AssembledBatch Batch, UpdateReport Report, TimeSpan Duration) : INoSerializationVerificationNeeded;

/// <summary>A version was evaluated.</summary>
public sealed record VersionEvaluated(PolicyVersion Version, EvaluationReport Report) : INoSerializationVerificationNeeded;

/// <summary>Rollouts that are judged, but whose group is not decided.</summary>
public sealed record OpenRollouts(ImmutableArray<Rollout> Rollouts) : INoSerializationVerificationNeeded;

/// <summary>The run entered a phase.</summary>
public sealed record PhaseEntered(RunPhase Phase, string? Message = null) : INoSerializationVerificationNeeded;
