namespace ICPO.Actors.Modeling.Objective.Corrections;

/// <summary>The weight of tokens that a sequence mask keeps.</summary>
public enum SequenceMaskWeight
{
    One,
    GeometricMean,
}

/// <summary>Thresholds that the staleness corrections share.</summary>
public abstract record CorrectionSettings
{
    /// <summary>C, the truncation of decoupled and TIS weights; infinity is off.</summary>
    public double WeightCap { get; init; } = 2;

    /// <summary>Lower bound of decoupled and TIS weights.</summary>
    public double WeightFloor { get; init; }

    /// <summary>Smallest ρ that IcePop and the sequence mask keep.</summary>
    public double BandLow { get; init; } = 0.5;

    /// <summary>Largest ρ that IcePop and the sequence mask keep.</summary>
    public double BandHigh { get; init; } = 5;

    public SequenceMaskWeight SequenceMaskWeight { get; init; } = SequenceMaskWeight.One;

    /// <summary>Probability difference beyond which DPPO-TV drops a token.</summary>
    public double TvThreshold { get; init; } = 0.2;

    /// <summary>Bound of every log-ratio before it is exponentiated (verl 20); infinity is off (TRL, AReaL, LUFFY).</summary>
    public double LogRatioLimit { get; init; } = 20;
}
