using ICPO.Actors.Algorithm.Advantages;

namespace ICPO.Actors.Algorithm.GroupFiltering;

/// <summary>The composition of a group and how its advantages are computed (<c>icpo.group</c>).</summary>
public sealed record GroupSettings
{
    /// <summary>N_on.</summary>
    public int PolicyRollouts { get; init; } = 8;

    /// <summary>N_off.</summary>
    public int ExpertRollouts { get; init; } = 1;

    /// <summary>B, groups per update.</summary>
    public int GroupsPerUpdate { get; init; } = 32;

    public IAdvantage Advantage { get; init; } = Standardized.Instance;

    /// <summary>The members that mean and deviation are taken over.</summary>
    public BaselineMembers Baseline { get; init; } = BaselineMembers.Union;

    /// <summary>Added to the standard deviation.</summary>
    public double AdvantageEpsilon { get; init; } = 1e-6;

    /// <summary>
    /// Weight of negative advantages of policy rollouts in groups where only expert rollouts have positive ones; 1 as in the paper.
    /// </summary>
    public double NegativeWeight { get; init; } = 1;

    /// <summary>
    /// Share of <see cref="ResponseLimit"/> over whose end the reward of a response falls linearly by up to 1 (DAPO's overlong ramp);
    /// 0 is off.
    /// </summary>
    public double OverlongShare { get; init; }

    /// <summary>The maximum response length in tokens, used by the overlong ramp only; 0 if it is off.</summary>
    public int ResponseLimit { get; init; }

    /// <summary>Reject groups whose kept rewards are all equal (dynamic sampling); new groups replace them.</summary>
    public bool DynamicSampling { get; init; }
}
