namespace ICPO.Actors.Contracts.Identity;

/// <summary>
/// Seeds derived from seeds. The same parts give the same number on every machine and every runtime, so everything random about a
/// group, a rollout or an evaluation is a function of the run's seed and of names, never of timing.
/// </summary>
public static class Seed
{
    /// <summary>A seed for the thing that <paramref name="parts"/> name, under <paramref name="seed"/>.</summary>
    public static ulong Derive(ulong seed, params ReadOnlySpan<ulong> parts)
    {
        ulong state = Mix(seed + 0x9E3779B97F4A7C15);
        foreach (ulong part in parts)
        {
            state = Mix(state ^ Mix(part + 0x9E3779B97F4A7C15));
        }

        return state;
    }

    /// <summary>A seed for a name (FNV-1a over its UTF-16 units, then mixed).</summary>
    public static ulong Derive(ulong seed, string name)
    {
        ulong hash = 0xCBF29CE484222325;
        foreach (char unit in name)
        {
            hash = (hash ^ unit) * 0x100000001B3;
        }

        return Derive(seed, hash);
    }

    /// <summary>SplitMix64's output function (Steele, Lea, Flood 2014).</summary>
    internal static ulong Mix(ulong value)
    {
        value = (value ^ (value >> 30)) * 0xBF58476D1CE4E5B9;
        value = (value ^ (value >> 27)) * 0x94D049BB133111EB;
        return value ^ (value >> 31);
    }
}

/// <summary>A SplitMix64 stream: 8 bytes of state, the same numbers everywhere. Mutable: keep it in a field or a local.</summary>
public struct RandomStream(ulong seed)
{
    private ulong _state = seed;

    public ulong NextUInt64() => Seed.Mix(_state += 0x9E3779B97F4A7C15);

    /// <summary>Uniform in [0, 1) with 53 bits.</summary>
    public double NextDouble() => (NextUInt64() >> 11) * (1.0 / (1UL << 53));

    /// <summary>Uniform in [0, <paramref name="bound"/>), without modulo bias beyond 2⁻⁶⁴·bound.</summary>
    public int NextInt(int bound)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(bound);
        return (int)Math.BigMul(NextUInt64(), (ulong)bound, out _);
    }

    /// <summary>Fisher–Yates in place.</summary>
    public void Shuffle<T>(Span<T> items)
    {
        for (int last = items.Length - 1; last > 0; last--)
        {
            int other = NextInt(last + 1);
            (items[last], items[other]) = (items[other], items[last]);
        }
    }
}
