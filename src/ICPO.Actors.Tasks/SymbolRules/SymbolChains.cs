using System.Collections.Immutable;
using ICPO.Actors.Contracts.Identity;

namespace ICPO.Actors.Tasks.SymbolRules;

/// <summary>The 144 chains of two symbols with a fixed split: it is part of the task and does not depend on a run's seed.</summary>
public static class SymbolChains
{
    private const ulong SplitSeed = 0x5EED_0001;
    private const int TrainingCount = 100;

    static SymbolChains()
    {
        string[] chains =
        [
            .. from first in SymbolRulesAlphabet.Symbols from second in SymbolRulesAlphabet.Symbols select $"{first}{second}",
        ];
        var random = new RandomStream(Seed.Derive(SplitSeed, "chains"));
        random.Shuffle<string>(chains);
        Training = [.. chains.Take(TrainingCount).Order(StringComparer.Ordinal)];
        HeldOut = [.. chains.Skip(TrainingCount).Order(StringComparer.Ordinal)];
        HeldOutSet = HeldOut.ToImmutableHashSet(StringComparer.Ordinal);
    }

    /// <summary>The 100 chains of training and the pool.</summary>
    public static ImmutableArray<string> Training { get; }

    /// <summary>The 44 chains that are never in training or the pool.</summary>
    public static ImmutableArray<string> HeldOut { get; }

    private static ImmutableHashSet<string> HeldOutSet { get; }

    public static bool IsHeldOut(string chain) => HeldOutSet.Contains(chain);

    /// <summary>The number of hard symbols in the chain: 0, 1 or 2.</summary>
    public static int HardCount(string chain) => chain.Count(SymbolRulesAlphabet.IsHard);
}
