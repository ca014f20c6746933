namespace ICPO.Actors.Algorithm.Health;

/// <summary>The reaction of a run to a report of a health rule.</summary>
public enum HealthAction
{
    /// <summary>Report it and continue.</summary>
    Warn,

    /// <summary>It stops with a checkpoint, as on request.</summary>
    Stop,
}

/// <summary>Bounds of the health rules (<c>icpo.health</c>); null checks nothing.</summary>
public sealed record HealthSettings
{
    /// <summary>The reaction (<c>icpo.run.health</c>).</summary>
    public HealthAction Action { get; init; } = HealthAction.Warn;

    /// <summary>Updates in a row that are looked at together.</summary>
    public int Updates { get; init; } = 5;

    /// <summary>Share of groups whose advantages are all 0, from which on it is reported.</summary>
    public double? NoSignalShare { get; init; } = 0.9;

    /// <summary>Share of responses that end at the token limit, from which on it is reported.</summary>
    public double? CutOffShare { get; init; } = 0.95;

    /// <summary>Accepted share of expert rollouts, down from which it is reported.</summary>
    public double? ExpertAcceptance { get; init; } = 0;

    /// <summary>Gradient norm, down from which it is reported.</summary>
    public double? GradientNorm { get; init; } = 0;

    /// <summary>Share of rollouts that the verifier fails on, from which on it is reported.</summary>
    public double? VerifierFaultShare { get; init; } = 0.1;

    /// <summary>Divergence from the base model or from the behavior policy in nats per token, above which it is reported.</summary>
    public double? MaxKl { get; init; } = 10;

    /// <summary>Entropy in nats per token, below which it is reported.</summary>
    public double? MinEntropy { get; init; } = 0.0001;

    /// <summary>Entropy in nats per token, above which it is reported.</summary>
    public double? MaxEntropy { get; init; } = 8;

    /// <summary>Norm of the weights relative to the base model's, above which it is reported.</summary>
    public double? MaxWeightGrowth { get; init; } = 2;
}
