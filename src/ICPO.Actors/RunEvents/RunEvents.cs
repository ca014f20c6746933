using System.Collections.Immutable;
using Akka.Actor;
using ICPO.Actors.Algorithm.Accuracy;
using ICPO.Actors.Algorithm.Batches;
using ICPO.Actors.Algorithm.Health;
using ICPO.Actors.Contracts.Groups;
using ICPO.Actors.Contracts.Identity;
using ICPO.Actors.Contracts.Policies;
using ICPO.Actors.Contracts.Rollouts;
using ICPO.Actors.Progress;

namespace ICPO.Actors.RunEvents;

/// <summary>A rollout is complete, whether it trains or not; <c>Sampled</c> is false for traces.</summary>
public sealed record RolloutGenerated(RolloutId Rollout, int Tokens, bool Sampled) : INoSerializationVerificationNeeded
{
    public static RolloutGenerated From(Rollout rollout, bool sampled) => new(rollout.Id, rollout.Tokens.Length, sampled);
}

/// <summary>
/// A rollout that is not used: it could not be generated, or it arrived twice or too late because its lease was retried.
/// </summary>
public sealed record RolloutDropped(DroppedRollout Rollout) : INoSerializationVerificationNeeded;

/// <summary>
/// Rollouts are leased once more: their worker failed, ended or was too slow, or an earlier core had given them out. Those that an earlier
/// holder delivers nevertheless are counted too.
/// </summary>
public sealed record RolloutsLeasedAgain(int Rollouts) : INoSerializationVerificationNeeded;

/// <summary>A group was decided, and some of its judged rollouts do not train.</summary>
public sealed record RolloutsRejected(GroupSpec Group, ImmutableArray<JudgedRollout> Judged, ImmutableArray<DroppedRollout> Dropped)
    : INoSerializationVerificationNeeded;

/// <summary>An admitted group was rejected because of its age.</summary>
public sealed record GroupExpired(TrainingGroup Group, GroupRejection Reason) : INoSerializationVerificationNeeded;

/// <summary>An update is committed.</summary>
public sealed record UpdateReported(AssembledBatch Batch, UpdateReport Report) : INoSerializationVerificationNeeded;

/// <summary>A version was evaluated.</summary>
public sealed record VersionEvaluated(PolicyVersion Version, EvaluationReport Report) : INoSerializationVerificationNeeded;

/// <summary>A message for the user of the run.</summary>
public sealed record RunNote(string Text) : INoSerializationVerificationNeeded;

/// <summary>A health rule reports that the run may not learn.</summary>
public sealed record HealthReported(HealthFinding Finding) : INoSerializationVerificationNeeded;

/// <summary>The journal's database has stopped answering (<c>Away</c>) or answers again.</summary>
public sealed record JournalAway(bool Away, string Message) : INoSerializationVerificationNeeded;

/// <summary>The run entered a phase.</summary>
public sealed record PhaseEntered(RunPhase Phase, string? Message = null) : INoSerializationVerificationNeeded;

/// <summary>How many workers of a kind (<c>engines</c>, <c>verifiers</c>) have work, of how many.</summary>
public sealed record WorkersAtWork(string Kind, int AtWork, int All) : INoSerializationVerificationNeeded
{
    public const string Engines = "engines";

    public const string Verifiers = "verifiers";
}
