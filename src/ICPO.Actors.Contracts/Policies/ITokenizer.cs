namespace ICPO.Actors.Contracts.Policies;

/// <summary>Text to token ids and back. Thread-safe.</summary>
public interface ITokenizer
{
    int VocabularySize { get; }

    /// <summary>Token ids of <paramref name="text"/>, special tokens in the text recognized, none added.</summary>
    int[] Encode(string text);

    /// <summary>
    /// Token ids of a prompt: as <see cref="Encode"/>, with the special tokens that the model expects around a text; by default none.
    /// </summary>
    /// <param name="text">The prompt.</param>
    /// <param name="isChat">Whether a chat template rendered it, which closes turns itself.</param>
    int[] EncodePrompt(string text, bool isChat) => Encode(text);

    string Decode(ReadOnlySpan<int> tokens);
}
