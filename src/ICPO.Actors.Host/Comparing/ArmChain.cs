using System.Collections.Immutable;
using ICPO.Actors.Configuration.Layers;

namespace ICPO.Actors.Host.Comparing;

/// <summary>The runs of an arm with one seed, in the order of their stages.</summary>
internal sealed record ArmChain(string Arm, ulong Seed, ImmutableArray<IcpoConfiguration> Runs)
{
    /// <summary>The cell of the grid; empty if there is only one.</summary>
    public string Cell { get; init; } = "";

    /// <summary>Names the chain in messages.</summary>
    public string Name => $"{(Cell.Length > 0 ? $"{Cell}, " : "")}{Arm}, seed {Seed}";
}
