namespace ICPO.Tokenizers;

/// <summary>Converts text to token ids and back. Thread-safe.</summary>
public abstract class Tokenizer
{
    /// <summary>Number of token ids, special tokens included.</summary>
    public abstract int VocabularySize { get; }

    /// <summary>Token ids of <paramref name="text"/>. Special tokens in the text are recognized; none are added.</summary>
    public abstract int[] Encode(string text);

    /// <summary>The text of <paramref name="tokens"/>, special tokens included.</summary>
    public abstract string Decode(ReadOnlySpan<int> tokens);
}
