using System.Collections.Immutable;
using ICPO.Actors.Configuration.Layers;

namespace ICPO.Actors.Host.Comparing;

/// <summary>The runs of an arm with one seed, in the order of their stages.</summary>
internal sealed record ArmChain(string Arm, ulong Seed, ImmutableArray<IcpoConfiguration> Runs);
