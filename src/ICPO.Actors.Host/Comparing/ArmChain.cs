using System.Collections.Immutable;
using ICPO.Actors.Configuration.Layers;

namespace ICPO.Actors.Host.Comparing;

/// <summary>The runs of an arm with one seed in one cell of the grid, in the order of their stages.</summary>
internal sealed record ArmChain(string Cell, string Arm, ulong Seed, ImmutableArray<IcpoConfiguration> Runs)
{
    /// <summary>Names the chain in messages.</summary>
    public string Name => $"{(Cell.Length > 0 ? $"{Cell}, " : "")}{Arm}, seed {Seed}";
}
