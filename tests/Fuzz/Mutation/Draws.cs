using ICPO.Actors.Contracts.Identity;

namespace Fuzz.Mutation;

/// <summary>Random choices of one input: the same seed makes the same input everywhere.</summary>
internal sealed class Draws(ulong seed)
{
    private RandomStream _stream = new(seed);

    /// <summary>Uniform in [0, bound).</summary>
    public int Below(int bound) => _stream.NextInt(Math.Max(1, bound));

    /// <summary>True once in n.</summary>
    public bool OneIn(int n) => Below(n) == 0;

    public T Of<T>(IReadOnlyList<T> items) => items[Below(items.Count)];

    public byte Byte() => (byte)Below(256);

    /// <summary>Mostly small, seldom up to the bound: lengths and repetitions.</summary>
    public int Size(int bound) => 1 + Below(Math.Max(1, (int)Math.Pow(bound, _stream.NextDouble())));
}
