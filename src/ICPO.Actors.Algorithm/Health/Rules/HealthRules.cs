using System.Collections.Immutable;

namespace ICPO.Actors.Algorithm.Health.Rules;

/// <summary>Every health rule, in the order of its documentation.</summary>
public static class HealthRules
{
    public static ImmutableArray<IHealthRule> All { get; } =
    [
        new NoSignal(),
        new CutOff(),
        new NoExpert(),
        new Gradient(),
        new VerifierFaults(),
        new Divergence(),
        new EntropyBounds(),
        new WeightGrowth(),
    ];
}
