using ICPO.Actors.Contracts.Policies;
using ICPO.Tokenizers;

namespace ICPO.Actors.Modeling.Backend;

/// <summary>A model's tokenizer as actors use it.</summary>
public sealed class PolicyTokenizer(Tokenizer tokenizer) : ITokenizer
{
    public int VocabularySize => tokenizer.VocabularySize;

    public int[] Encode(string text) => tokenizer.Encode(text);

    public string Decode(ReadOnlySpan<int> tokens) => tokenizer.Decode(tokens);
}
