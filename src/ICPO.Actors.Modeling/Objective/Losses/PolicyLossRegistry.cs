using System.Collections.Immutable;

namespace ICPO.Actors.Modeling.Objective.Losses;

/// <summary>The policy losses that a configuration can name.</summary>
public static class PolicyLossRegistry
{
    /// <summary>In the order in which errors list them.</summary>
    public static ImmutableArray<PolicyLoss> All { get; } =
    [new Clip(), new Cispo(), new Sapo(), new Vespo(), new Gmpo(), new Reinforce(), new Topr(), new Srft(), new Opsd()];

    public static IEnumerable<string> Names => All.Select(loss => loss.Name);

    /// <exception cref="ArgumentException">No policy loss has that name.</exception>
    public static PolicyLoss Get(string name) =>
        All.FirstOrDefault(loss => loss.Name == name)
        ?? throw new ArgumentException($"Unknown policy loss '{name}'; use one of {string.Join(", ", Names)}.", nameof(name));
}
