using System.Collections.Frozen;
using System.Text;
using System.Text.RegularExpressions;
using ICPO.Actors.Contracts;
using Microsoft.ML.Tokenizers;

namespace ICPO.Actors.Modeling;

/// <summary>
/// Byte-level BPE as GPT-2 and Qwen use it: text is normalised, cut by a regular expression, and the UTF-8 bytes of each
/// piece, written as printable characters, are merged.
/// </summary>
internal sealed class ByteLevelTokenizer : ITokenizer
{
    private readonly BpeTokenizer bpe;
    private readonly FrozenDictionary<int, byte[]> bytes;

    /// <param name="vocabulary">Token to id, without the added tokens.</param>
    /// <param name="merges">Pairs in order of rank, as "a b".</param>
    /// <param name="added">Tokens that are recognised as a whole in the text.</param>
    /// <param name="pattern">Cuts the text.</param>
    /// <param name="normalize">Whether the text is brought to NFC first.</param>
    public ByteLevelTokenizer(
        IReadOnlyDictionary<string, int> vocabulary, IReadOnlyList<string> merges, IReadOnlyDictionary<string, int> added, string pattern, bool normalize)
    {
        bpe = BpeTokenizer.Create(new BpeOptions(vocabulary)
        {
            Merges = merges,
            ByteLevel = true,
            SpecialTokens = added,
            PreTokenizer = new RegexPreTokenizer(new Regex(pattern, RegexOptions.Compiled | RegexOptions.CultureInvariant), added),
            Normalizer = normalize ? new NfcNormalizer() : null,
        });
        bytes = vocabulary.Concat(added).DistinctBy(t => t.Value).ToFrozenDictionary(t => t.Value, t => Bytes(t.Key));
        VocabularySize = bytes.Keys.Max() + 1;
    }

    public int VocabularySize { get; }

    public int[] Encode(string text) => text.Length == 0 ? [] : [.. bpe.EncodeToIds(text)];

    /// <summary>The text of the tokens, special tokens written out; bytes that are no UTF-8 become U+FFFD. Ids that no token has give nothing.</summary>
    public string Decode(ReadOnlySpan<int> tokens)
    {
        var text = new List<byte>(tokens.Length * 4);
        foreach (var id in tokens)
        {
            text.AddRange(bytes.GetValueOrDefault(id, []));
        }

        return Encoding.UTF8.GetString([.. text]);
    }

    /// <summary>The bytes a token stands for; one with characters that stand for no byte (an added token) is its own UTF-8.</summary>
    private static byte[] Bytes(string token) =>
        token.All(ByteOf.ContainsKey) ? [.. token.Select(c => ByteOf[c])] : Encoding.UTF8.GetBytes(token);

    /// <summary>GPT-2's alphabet: printable Latin-1 stands for itself, the other 68 bytes follow from U+0100 on.</summary>
    private static readonly FrozenDictionary<char, byte> ByteOf = Alphabet().ToFrozenDictionary();

    private static IEnumerable<KeyValuePair<char, byte>> Alphabet()
    {
        var next = 256;
        for (var b = 0; b < 256; b++)
        {
            var printable = b is (>= '!' and <= '~') or (>= 0xA1 and <= 0xAC) or (>= 0xAE and <= 0xFF);
            yield return new(printable ? (char)b : (char)next++, (byte)b);
        }
    }

    private sealed class NfcNormalizer : Normalizer
    {
        public override string Normalize(string original) => UnicodeNormalization.ToNfc(original);

        public override string Normalize(ReadOnlySpan<char> original) => UnicodeNormalization.ToNfc(original.ToString());
    }
}
