using System.Collections.Frozen;
using System.Text;

namespace ICPO.Tokenizers.Unicode;

/// <summary>GPT-2's alphabet of bytes: printable Latin-1 represents itself, the other 68 bytes start at U+0100.</summary>
internal static class ByteAlphabet
{
    private static readonly char[] CharacterOf = [.. Alphabet()];

    private static readonly FrozenDictionary<char, byte> ByteOf = CharacterOf.Index().ToFrozenDictionary(c => c.Item, c => (byte)c.Index);

    /// <summary>The UTF-8 bytes of a text, one character each.</summary>
    public static string Encode(string text) => string.Concat(Encoding.UTF8.GetBytes(text).Select(b => CharacterOf[b]));

    /// <summary>The bytes of a token; a token with characters outside the alphabet (an added token) is encoded as UTF-8.</summary>
    public static byte[] Decode(string token) =>
        token.All(ByteOf.ContainsKey) ? [.. token.Select(c => ByteOf[c])] : Encoding.UTF8.GetBytes(token);

    private static IEnumerable<char> Alphabet()
    {
        int next = 256;
        for (int b = 0; b < 256; b++)
        {
            bool printable = b is (>= '!' and <= '~') or (>= 0xA1 and <= 0xAC) or (>= 0xAE and <= 0xFF);
            yield return printable ? (char)b : (char)next++;
        }
    }
}
