using System.Collections.Immutable;
using ICPO.Actors.Contracts.Policies;
using ICPO.Tokenizers;

namespace ICPO.Actors.Modeling.Backend;

/// <summary>
/// A model's tokenizer as actors use it. A plain prompt is encoded as a call of the tokenizer in transformers does, special tokens
/// included. A chat gets the leading tokens exactly once, since most templates write them themselves.
/// </summary>
/// <param name="tokenizer">The model's.</param>
/// <param name="frame">The special tokens around a prompt; null is the tokenizer's own.</param>
public sealed class PolicyTokenizer(Tokenizer tokenizer, TextFrame? frame = null) : ITokenizer
{
    private readonly TextFrame _frame = frame ?? tokenizer.Frame;

    public int VocabularySize => tokenizer.VocabularySize;

    /// <summary>Tokens that are added to prompts, or omitted although the tokenizer adds them, in one sentence; null if none.</summary>
    public string? Note
    {
        get
        {
            bool isLeftOut = _frame.IsEmpty;
            TextFrame frame = isLeftOut ? tokenizer.Frame : _frame;
            string places = $"{Names(frame.Before)} in front of it, {Names(frame.After)} behind it";
            string what = isLeftOut
                ? $"Special tokens that the tokenizer adds to a text are omitted: {places} (model.special-tokens = none)."
                : $"Special tokens around a prompt: {places} (a chat ends as its template does; model.special-tokens = none adds none).";
            return frame.IsEmpty ? null : what;
        }
    }

    /// <summary>The tokenizer of a model under a rule.</summary>
    /// <param name="tokenizer">The model's.</param>
    /// <param name="rule">Which special tokens prompts get.</param>
    /// <param name="special">The model's special tokens.</param>
    /// <exception cref="ArgumentException">The rule requires a begin of text, but the model has none.</exception>
    public static PolicyTokenizer Create(Tokenizer tokenizer, SpecialTokenRule rule, SpecialTokens special) =>
        rule switch
        {
            SpecialTokenRule.Auto => new(tokenizer),
            SpecialTokenRule.None => new(tokenizer, TextFrame.Empty),
            _ when special.Bos is { } begin => new(tokenizer, new([begin], [])),
            _ => throw new ArgumentException(
                "model.special-tokens is begin, but the model names no begin of text (bos_token_id); set it to auto or none."
            ),
        };

    public int[] Encode(string text) => tokenizer.Encode(text);

    /// <inheritdoc/>
    public int[] EncodePrompt(string text, bool isChat)
    {
        int[] ids = tokenizer.Encode(text);
        bool hasBegun = ids.Length > 0 && !_frame.Before.IsEmpty && ids[0] == _frame.Before[0];
        ImmutableArray<int> before = hasBegun ? [] : _frame.Before;
        return isChat ? [.. before.Distinct(), .. ids] : [.. before, .. ids, .. _frame.After];
    }

    public string Decode(ReadOnlySpan<int> tokens) => tokenizer.Decode(tokens);

    private string Names(ImmutableArray<int> ids) =>
        ids.IsEmpty ? "nothing" : string.Join(" ", ids.Select(id => $"{tokenizer.Decode([id])} ({id})"));
}
