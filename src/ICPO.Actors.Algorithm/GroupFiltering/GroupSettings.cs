namespace ICPO.Actors.Algorithm.GroupFiltering;

/// <summary>How advantages are formed.</summary>
public enum AdvantageKind
{
    /// <summary>(R − mean) / (sample std + ε) over the union of the group.</summary>
    Standardised,

    /// <summary>R − mean over the union of the group.</summary>
    Centred,

    /// <summary>1 for every member: supervised training on traces.</summary>
    One,
}

/// <summary>What a group is made of.</summary>
public sealed record GroupSettings
{
    /// <summary>N_on.</summary>
    public int PolicyRollouts { get; init; } = 8;

    /// <summary>N_off.</summary>
    public int ExpertRollouts { get; init; } = 1;

    /// <summary>B, groups per update.</summary>
    public int GroupsPerUpdate { get; init; } = 32;

    public AdvantageKind Advantage { get; init; } = AdvantageKind.Standardised;

    /// <summary>Added to the standard deviation.</summary>
    public double AdvantageEpsilon { get; init; } = 1e-6;

    /// <summary>Weight of negative advantages of policy rollouts where only expert rollouts have positive ones; 1 is the paper.</summary>
    public double NegativeWeight { get; init; } = 1;

    /// <summary>Reject groups whose kept rewards are all equal (dynamic sampling); they are replaced by new ones.</summary>
    public bool DynamicSampling { get; init; }
}
