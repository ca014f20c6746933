using ICPO.Actors.Contracts.Policies;

namespace ICPO.Actors.Serving.Responses;

/// <summary>The texts of single tokens.</summary>
/// <param name="tokenizer">The model's.</param>
/// <param name="asIds">Names tokens by their ids: several tokens may have the same text, such as parts of a character.</param>
internal sealed class TokenTexts(ITokenizer tokenizer, bool asIds)
{
    /// <summary>The text of a token.</summary>
    /// <param name="previous">The token before it: decoders may write the first token of a text differently.</param>
    /// <param name="token">The token.</param>
    public string Of(int previous, int token)
    {
        if (asIds)
        {
            return $"token_id:{token}";
        }

        string before = tokenizer.Decode([previous]);
        string both = tokenizer.Decode([previous, token]);
        return both.StartsWith(before, StringComparison.Ordinal) ? both[before.Length..] : tokenizer.Decode([token]);
    }
}
