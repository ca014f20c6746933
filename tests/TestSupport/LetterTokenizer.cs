using ICPO.Actors.Contracts.Policies;

namespace TestSupport;

/// <summary>One token per character.</summary>
public sealed class LetterTokenizer : ITokenizer
{
    public int VocabularySize => 128;

    public int[] Encode(string text) => [.. text.Select(character => (int)character)];

    public string Decode(ReadOnlySpan<int> tokens) => string.Concat(tokens.ToArray().Select(token => (char)token));
}
