using System.Collections.Immutable;

namespace ICPO.Actors.Algorithm.Advantages;

/// <summary>Every advantage that configuration can select, in the order of its documentation.</summary>
public static class AdvantageRegistry
{
    public static ImmutableArray<IAdvantage> All { get; } =
    [Standardized.Instance, Centered.Instance, BatchStandardized.Instance, LeaveOneOut.Instance, MeanNormalized.Instance, One.Instance];

    /// <summary>The advantage of this name or alias; null if there is none.</summary>
    public static IAdvantage? Find(string name) =>
        All.FirstOrDefault(advantage => advantage.Name == name || advantage.Aliases.Contains(name));
}
