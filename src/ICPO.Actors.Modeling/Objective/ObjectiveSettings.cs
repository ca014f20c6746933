using ICPO.Actors.Modeling.Objective.Corrections;

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

    /// <summary>Interpolated between μ and π by version; no forward pass.</summary>
    Interpolated,
}

/// <summary>The mixed-policy objective of ICPO (arXiv 2510.26519 eq. 5–8); GRPO is the case without expert tokens.</summary>
public sealed record ObjectiveSettings : CorrectionSettings
{
    /// <summary>ε_lo: u is clipped from below at 1 − ε_lo; infinity is off.</summary>
    public double ClipLow { get; init; } = 0.2;

    /// <summary>ε_hi: u is clipped from above at 1 + ε_hi; infinity is off.</summary>
    public double ClipHigh { get; init; } = 0.2;

    /// <summary>c of the dual clip for A &lt; 0; null is off.</summary>
    public double? DualClip { get; init; } = 3;

    public LossAggregation Aggregation { get; init; } = LossAggregation.TokenMean;

    /// <summary>The constant of the two sum aggregations, in tokens.</summary>
    public double AggregationConstant { get; init; } = 1024;

    public ExpertShape ExpertShape { get; init; } = ExpertShape.Shaped;

    public ExpertDenominator ExpertDenominator { get; init; } = ExpertDenominator.One;

    /// <summary>λ of the shaping (paper 0.01, release 0.1).</summary>
    public double Lambda { get; init; } = 0.01;

    /// <summary>Floor on the expert log-probability (release −20); null is off.</summary>
    public double? ExpertLogProbabilityFloor { get; init; }

    /// <summary>β of the k3 penalty against the base model.</summary>
    public double KlCoefficient { get; init; }

    public double EntropyCoefficient { get; init; }

    public StalenessCorrection Correction { get; init; } = new Decoupled();

    public ProximalPolicy Proximal { get; init; } = ProximalPolicy.StartOfUpdate;

    /// <summary>Bound of the k3 penalty per token (verl 10), without gradient beyond; infinity is off (TRL).</summary>
    public double KlLimit { get; init; } = 10;
}
