using System.Text;
using ICPO.Actors.Contracts.Identity;

namespace Fuzz.Mutation;

/// <summary>Makes inputs of the seeds of one reader; input N is a function of N.</summary>
/// <param name="reader">Name of the reader.</param>
/// <param name="seeds">Valid files of its format.</param>
/// <param name="words">Words of the format; empty for a binary one.</param>
internal sealed class Mutator(string reader, IReadOnlyList<byte[]> seeds, IReadOnlyList<string> words)
{
    /// <summary>The longest input, and the longest of most: a fault that needs no size is found sooner in small ones.</summary>
    private const int MaxBytes = 1 << 18,
        MaxSmallBytes = 1 << 12;

    public byte[] Make(long number)
    {
        Draws draws = new(Seed.Derive((ulong)number, reader));
        byte[] input = draws.Of(seeds);
        int most = Math.Max(draws.OneIn(16) ? MaxBytes : MaxSmallBytes, 2 * input.Length);
        int changes = 1 + draws.Below(draws.OneIn(4) ? 12 : 3);
        for (int i = 0; i < changes; i++)
        {
            input = words.Count > 0 && !draws.OneIn(4) ? Text(input, draws, most) : Bytes(input, draws, most);
        }

        return input;
    }

    private byte[] Text(byte[] input, Draws draws, int most) =>
        Encoding.UTF8.GetBytes(TextMutations.Apply(Encoding.UTF8.GetString(input), draws, words, most));

    private byte[] Bytes(byte[] input, Draws draws, int most)
    {
        List<byte> bytes = [.. input];
        ByteMutations.Apply(bytes, draws, seeds, most);
        return [.. bytes];
    }
}
