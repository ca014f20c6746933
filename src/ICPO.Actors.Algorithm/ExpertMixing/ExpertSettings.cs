namespace ICPO.Actors.Algorithm.ExpertMixing;

/// <summary>The source of expert rollouts.</summary>
public enum ExpertSource
{
    /// <summary>Sampled by the policy under [D;q] (implicit expert forcing, paper §3.1).</summary>
    Steered,

    /// <summary>The solutions of the demonstrations, unchanged (supervised traces; the <c>sft</c> baseline).</summary>
    Trace,
}

/// <summary>The schedule of the bonus of accepted expert rollouts.</summary>
public enum BonusSchedule
{
    None,
    Linear,
    Cosine,
    Exponential,
}

/// <summary>Expert rollouts: their number, steering, acceptance and bonus.</summary>
public sealed record ExpertSettings
{
    public ExpertSource Source { get; init; } = ExpertSource.Steered;

    /// <summary>k, demonstrations before the question.</summary>
    public int Demonstrations { get; init; } = 2;

    /// <summary>ERRS (paper §3.3): keep an expert rollout only if R ≥ δ, and replace a random policy rollout with it.</summary>
    public bool RejectSampling { get; init; } = true;

    /// <summary>δ.</summary>
    public double RegionThreshold { get; init; } = 1;

    /// <summary>Bonus schedule over updates (paper §3.4); None for no bonus.</summary>
    public BonusSchedule Bonus { get; init; } = BonusSchedule.None;

    /// <summary>α, the bonus at update 0.</summary>
    public double BonusSize { get; init; } = 1;

    /// <summary>τ of the exponential schedule, in updates.</summary>
    public double BonusTimeConstant { get; init; } = 100;
}
