namespace ICPO.Actors.Contracts.Policies;

/// <summary>Text to token ids and back. Thread-safe.</summary>
public interface ITokenizer
{
    int VocabularySize { get; }

    /// <summary>Token ids of <paramref name="text"/>, special tokens in the text recognized, none added.</summary>
    int[] Encode(string text);

    string Decode(ReadOnlySpan<int> tokens);
}
