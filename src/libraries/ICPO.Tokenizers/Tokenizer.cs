namespace ICPO.Tokenizers;

/// <summary>Converts text to token ids and back. Thread-safe.</summary>
public abstract class Tokenizer
{
    /// <summary>Number of token ids, special tokens included.</summary>
    public abstract int VocabularySize { get; }

    /// <summary>The special tokens that a call of the tokenizer puts around one text; by default none.</summary>
    public TextFrame Frame { get; init; } = TextFrame.Empty;

    /// <summary>Token ids of <paramref name="text"/>. Special tokens in the text are recognized; none are added.</summary>
    public abstract int[] Encode(string text);

    /// <summary>Token ids of a text.</summary>
    /// <param name="text">Special tokens in it are recognized.</param>
    /// <param name="addSpecialTokens">Whether <see cref="Frame"/> is put around it, as a call of a Hugging Face tokenizer does.</param>
    public int[] Encode(string text, bool addSpecialTokens) =>
        addSpecialTokens ? [.. Frame.Before, .. Encode(text), .. Frame.After] : Encode(text);

    /// <summary>The text of <paramref name="tokens"/>, special tokens included.</summary>
    public abstract string Decode(ReadOnlySpan<int> tokens);
}
