using System.Text;
using ICPO.Actors.Contracts.Identity;

namespace Fuzz.Mutation;

/// <summary>Makes inputs of the seeds of one reader; input N is a function of N.</summary>
/// <param name="reader">Name of the reader.</param>
/// <param name="seeds">Valid files of its format.</param>
/// <param name="words">Words of the format; empty for a binary one.</param>
internal sealed class Mutator(string reader, IReadOnlyList<byte[]> seeds, IReadOnlyList<string> words)
{
    private const int MaxBytes = 1 << 18;

    public byte[] Make(long number)
    {
        Draws draws = new(Seed.Derive((ulong)number, reader));
        byte[] input = draws.Of(seeds);
        int changes = 1 + draws.Below(draws.OneIn(4) ? 12 : 3);
        for (int i = 0; i < changes; i++)
        {
            input = words.Count > 0 && !draws.OneIn(4) ? Text(input, draws) : Bytes(input, draws);
        }

        return input;
    }

    private byte[] Text(byte[] input, Draws draws) =>
        Encoding.UTF8.GetBytes(TextMutations.Apply(Encoding.UTF8.GetString(input), draws, words, MaxBytes));

    private byte[] Bytes(byte[] input, Draws draws)
    {
        List<byte> bytes = [.. input];
        ByteMutations.Apply(bytes, draws, seeds, MaxBytes);
        return [.. bytes];
    }
}
