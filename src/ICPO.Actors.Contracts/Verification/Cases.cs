using System.Collections.Immutable;
using ICPO.Actors.Contracts.Identity;
using ICPO.Actors.Contracts.Rollouts;
using ICPO.Actors.Contracts.Tasks;

namespace ICPO.Actors.Contracts.Verification;

/// <summary>Names a case: the rollout that is judged; the attempt is the number of earlier attempts.</summary>
public readonly record struct CaseId(RolloutId Rollout, int Attempt)
{
    public override string ToString() => $"{Rollout}#{Attempt}";
}

/// <summary>
/// The cases that a verifier holds and how many more it can judge. Absolute, as <see cref="Dispatching.Demand"/> is.
/// </summary>
public sealed record CaseDemand
{
    /// <summary>The verifier's display name.</summary>
    public required string Worker { get; init; }

    /// <summary>The core's epoch as known to the verifier; another one is rejected.</summary>
    public required LearnerEpoch Epoch { get; init; }

    /// <summary>Ascending per verifier; one that is not above the last is ignored.</summary>
    public required long Sequence { get; init; }

    /// <summary>Cases that it can start now.</summary>
    public required int Free { get; init; }

    /// <summary>Cases that it judges, or whose verdicts are not acknowledged.</summary>
    public ImmutableArray<CaseId> Held { get; init; } = [];
}

/// <summary>A response to judge, with its reference answer.</summary>
public sealed record VerifyCase(CaseId Id, LearnerEpoch Epoch, Question Question, string Text, FinishReason Finish)
{
    /// <summary>W3C trace context (traceparent) for the span of the verification; null without a listener.</summary>
    public string? Trace { get; init; }
}

/// <summary>A case has its verdict. The verifier keeps and repeats it until <see cref="CaseAck"/>.</summary>
public sealed record CaseJudged(CaseId Id, LearnerEpoch Epoch, Judgment Judgment);

/// <summary>The core has the verdict, or does not want it: the verifier drops it.</summary>
public sealed record CaseAck(CaseId Id);
