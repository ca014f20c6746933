using System.Buffers;
using ICPO.Tokenizers.Unicode;

namespace ICPO.Tokenizers.Pipeline;

/// <summary>A token that is matched in the text before it is split and merged.</summary>
internal sealed record AddedToken(int Id, string Content, bool Special)
{
    /// <summary>Whether it includes the white space to its left.</summary>
    public bool LeftStrip { get; init; }

    /// <summary>Whether it includes the white space to its right.</summary>
    public bool RightStrip { get; init; }

    /// <summary>Whether it matches only without a letter or digit next to it.</summary>
    public bool SingleWord { get; init; }

    /// <summary>Whether it is matched in the normalized text.</summary>
    public bool Normalized { get; init; }
}

/// <summary>Finds added tokens: the leftmost first, of those that begin at the same index the longest.</summary>
internal sealed class AddedTokens
{
    private readonly AddedToken[] _sorted; // by content, ordinal
    private readonly SearchValues<char> _firsts;

    public AddedTokens(IEnumerable<AddedToken> tokens)
    {
        _sorted = [.. tokens.Where(t => t.Content.Length > 0).OrderBy(t => t.Content, StringComparer.Ordinal)];
        _firsts = SearchValues.Create([.. _sorted.Select(t => t.Content[0]).Distinct()]);
    }

    /// <summary>Splits a text at its tokens: parts of text (Token is null) and tokens, with their start.</summary>
    public IEnumerable<(string Text, AddedToken? Token, int Start)> Cut(string text)
    {
        (int done, int at) = (0, 0);
        while (at < text.Length && text.AsSpan(at).IndexOfAny(_firsts) is >= 0 and var skip)
        {
            at += skip;
            if (Longest(text.AsSpan(at)) is not { } token)
            {
                at++;
                continue;
            }

            (int start, int end) = (at, at + token.Content.Length);
            at = end;
            if (token.SingleWord && (IsWord(Before(text, start)) || IsWord(After(text, end))))
            {
                continue;
            }

            while (token.LeftStrip && start > done && char.IsWhiteSpace(text[start - 1]))
            {
                start--;
            }

            while (token.RightStrip && end < text.Length && char.IsWhiteSpace(text[end]))
            {
                end++;
            }

            if (start > done)
            {
                yield return (text[done..start], null, done);
            }

            yield return (text[start..end], token, start);
            (done, at) = (end, end);
        }

        if (done < text.Length)
        {
            yield return (text[done..], null, done);
        }
    }

    /// <summary>
    /// The longest token that the text begins with: character by character, among those that agree so far, of which the first is the
    /// shortest. Of equal ones the first that was given.
    /// </summary>
    private AddedToken? Longest(ReadOnlySpan<char> text)
    {
        AddedToken? longest = null;
        (int from, int to) = (0, _sorted.Length);
        for (int depth = 0; from < to && depth < text.Length; depth++)
        {
            (from, to) = (Bound(from, to, depth, text[depth]), Bound(from, to, depth, text[depth] + 1));
            if (from < to && _sorted[from].Content.Length == depth + 1)
            {
                longest = _sorted[from];
                while (from < to && _sorted[from].Content.Length == depth + 1)
                {
                    from++;
                }
            }
        }

        return longest;
    }

    /// <summary>The first token in [from, to) whose character at this depth is not below a value.</summary>
    private int Bound(int from, int to, int depth, int value)
    {
        while (from < to)
        {
            int middle = (from + to) / 2;
            (from, to) = _sorted[middle].Content[depth] < value ? (middle + 1, to) : (from, middle);
        }

        return from;
    }

    private static int? Before(string text, int at)
    {
        if (at == 0)
        {
            return null;
        }

        if (at > 1 && char.IsSurrogatePair(text, at - 2))
        {
            return char.ConvertToUtf32(text, at - 2);
        }

        return text[at - 1];
    }

    private static int? After(string text, int at)
    {
        if (at == text.Length)
        {
            return null;
        }

        if (char.IsSurrogatePair(text, at))
        {
            return char.ConvertToUtf32(text, at);
        }

        return text[at];
    }

    private static bool IsWord(int? point) => point is { } p && UnicodeRanges.IsWord(p);
}
