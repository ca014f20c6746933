using System.Collections.Immutable;
using ICPO.Actors.Modeling.Objective.Corrections;
using ICPO.Actors.Modeling.Objective.Losses;
using ICPO.Actors.Modeling.Objective.Masks;

namespace ICPO.Actors.Modeling.Objective;

/// <summary>Z, what the sum of token losses is divided by.</summary>
public enum LossAggregation
{
    /// <summary>Kept tokens of the whole update.</summary>
    TokenMean,

    /// <summary>Mean over sequences of the token mean; a fully masked sequence is left out.</summary>
    SequenceMean,

    /// <summary>Sum over tokens / constant (verl, LUFFY).</summary>
    SumOverConstant,

    /// <summary>Sum over tokens / (sequences × constant) (TRL's Dr.GRPO).</summary>
    SumOverSequencesTimesConstant,
}

/// <summary>The expert term's shape.</summary>
public enum ExpertShape
{
    /// <summary>f(p) = p / (p + λ).</summary>
    Shaped,

    /// <summary>log p: context distillation of accepted steered rollouts, or supervised training on traces.</summary>
    LogProbability,

    /// <summary>p, not shaped.</summary>
    Probability,

    /// <summary>√p.</summary>
    SquareRoot,
}

/// <summary>What u, the importance ratio of policy tokens, is of.</summary>
public enum RatioForm
{
    /// <summary>The token.</summary>
    Token,

    /// <summary>The sequence: exp(mean_t log u_t) for each of its tokens (GSPO).</summary>
    Sequence,

    /// <summary>The shaped probability: f(π)/f(π_prox) with f(p) = p/(p + λ) (LUFFY).</summary>
    Shaped,
}

/// <summary>The estimator of the KL penalty, with d = log π_ref − log π_θ.</summary>
public enum KlEstimator
{
    /// <summary>−d.</summary>
    K1,

    /// <summary>|d|.</summary>
    Abs,

    /// <summary>d²/2.</summary>
    K2,

    /// <summary>e^d − d − 1.</summary>
    K3,
}

/// <summary>What the expert probability is divided by.</summary>
public enum ExpertDenominator
{
    /// <summary>1: the behavior probability is taken as 1 (paper).</summary>
    One,

    /// <summary>μ(o | [D;q]): the formal importance ratio.</summary>
    Behaviour,
}

/// <summary>The source of log π_prox.</summary>
public enum ProximalPolicy
{
    /// <summary>The weights at the start of the update.</summary>
    StartOfUpdate,

    /// <summary>Interpolated between log μ and log π by version; no forward pass.</summary>
    Interpolated,

    /// <summary>Interpolated between μ and π, not their logarithms.</summary>
    InterpolatedLinear,

    /// <summary>μ itself, which makes every ρ 1.</summary>
    Behaviour,
}

/// <summary>The mixed-policy objective of ICPO (arXiv 2510.26519 eq. 5–8); GRPO is the case without expert tokens.</summary>
public sealed record ObjectiveSettings : LossSettings
{
    /// <summary>The loss of policy tokens.</summary>
    public PolicyLoss PolicyLoss { get; init; } = new Clip();

    public RatioForm Ratio { get; init; } = RatioForm.Token;

    public LossAggregation Aggregation { get; init; } = LossAggregation.TokenMean;

    /// <summary>The constant of the two sum aggregations, in tokens.</summary>
    public double AggregationConstant { get; init; } = 1024;

    public ExpertShape ExpertShape { get; init; } = ExpertShape.Shaped;

    public ExpertDenominator ExpertDenominator { get; init; } = ExpertDenominator.One;

    /// <summary>λ of the shaping (paper 0.01, release 0.1).</summary>
    public double Lambda { get; init; } = 0.01;

    /// <summary>Lower and upper bound of the expert term; null is off (LUFFY).</summary>
    public double? ExpertTermMin { get; init; }

    public double? ExpertTermMax { get; init; }

    /// <summary>Coefficient of −log p of expert tokens, added to the expert term's loss (SRFT, CHORD); 0 is off.</summary>
    public double ImitationCoefficient { get; init; }

    /// <summary>Multiplies that loss by e^(−H), H the mean entropy of the sequence, a constant (SRFT).</summary>
    public bool ImitationByEntropy { get; init; }

    /// <summary>Floor on the expert log-probability (release −20); null is off.</summary>
    public double? ExpertLogProbabilityFloor { get; init; }

    /// <summary>β of the KL penalty against the base model.</summary>
    public double KlCoefficient { get; init; }

    /// <summary>Coefficient of the penalty of the same form against the policy under the teacher's prompt (SDPG).</summary>
    public double TeacherCoefficient { get; init; }

    /// <summary>True if the policy is scored under the teacher's prompt too.</summary>
    public bool NeedsTeacher => PolicyLoss.NeedsTeacher || TeacherCoefficient != 0;

    public KlEstimator KlEstimator { get; init; } = KlEstimator.K3;

    /// <summary>Multiplies the KL penalty by the token's ratio, which makes its gradient unbiased off policy (TRL).</summary>
    public bool KlWeighted { get; init; }

    public double EntropyCoefficient { get; init; }

    public StalenessCorrection Correction { get; init; } = new Decoupled();

    /// <summary>Masks of policy tokens; all must keep a token.</summary>
    public ImmutableArray<TokenMask> Masks { get; init; } = [];

    public ProximalPolicy Proximal { get; init; } = ProximalPolicy.StartOfUpdate;

    /// <summary>Bound of the KL penalty per token (verl 10), without gradient beyond; infinity is off (TRL).</summary>
    public double KlLimit { get; init; } = 10;
}
