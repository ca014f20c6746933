using ICPO.DataFiles.Json;
using ICPO.Tokenizers.Json;
using ICPO.Tokenizers.Limits;
using ICPO.Tokenizers.Patterns;
using ICPO.Tokenizers.Unicode;

namespace ICPO.Tokenizers.Pipeline;

/// <summary>The pre_tokenizer of a tokenizer.json: splits text into the pieces that are merged separately.</summary>
internal static class PreTokenizers
{
    /// <summary>A character, with the marks that may follow it.</summary>
    private const int MaxReplacement = 8;

    private const string Gpt2Pattern = @"'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+";

    private static readonly Lazy<CodePointRegex> Gpt2 = new(() => new CodePointRegex(Gpt2Pattern));

    /// <exception cref="InvalidDataException">A step is of a kind that is not supported; names the key.</exception>
    public static Func<Piece, GrowthLimit, IEnumerable<Piece>> Read(JsonKeys? keys)
    {
        if (keys is null)
        {
            return static (piece, _) => [piece];
        }

        switch (keys.Text("type"))
        {
            case "Sequence":
                Func<Piece, GrowthLimit, IEnumerable<Piece>>[] steps = [.. keys.List("pretokenizers").Select(Read)];
                return (piece, limit) =>
                    steps.Aggregate((IEnumerable<Piece>)[piece], (pieces, step) => pieces.SelectMany(p => step(p, limit)));
            case "ByteLevel":
                return ByteLevel(keys.Flag("add_prefix_space") ?? true, keys.Flag("use_regex") ?? true, GrowthLimit.Name(keys));
            case "Metaspace":
                return Metaspace(keys);
            default:
                Func<Piece, IEnumerable<Piece>> split = Split(keys);
                return (piece, _) => split(piece);
        }
    }

    /// <summary>The steps that only cut.</summary>
    private static Func<Piece, IEnumerable<Piece>> Split(JsonKeys keys)
    {
        switch (keys.Text("type"))
        {
            case "Split":
                return Splitter(Pattern(keys), Behavior(keys), keys.Flag("invert") ?? false);
            case "Digits":
                return Splitter(Runes(UnicodeRanges.IsNumeric), keys.Flag("individual_digits") == true ? "Isolated" : "Contiguous");
            case "Punctuation":
                return Splitter(Runes(UnicodeRanges.IsPunctuation), Behavior(keys));
            case "Whitespace":
                return Whitespace();
            case "WhitespaceSplit":
                return Splitter(Runes(UnicodeRanges.IsWhiteSpace), "Removed");
            case "CharDelimiterSplit" when keys.Text("delimiter") is { Length: > 0 } delimiter:
                return Splitter(Literal(delimiter), "Removed");
            case var type:
                throw keys.Bad("type", $"'{type}' is not supported");
        }
    }

    /// <summary>The matches of the key "pattern": a text or a regular expression.</summary>
    public static Func<string, IEnumerable<(int Start, int End)>> Pattern(JsonKeys keys)
    {
        JsonKeys pattern = keys.Object("pattern") ?? throw keys.Bad("pattern", "is missing");
        try
        {
            if (pattern.Text("String") is { Length: > 0 } text)
            {
                return Literal(text);
            }

            return pattern.Text("Regex") is { } regex
                ? new CodePointRegex(regex).Matches
                : throw keys.Bad("pattern", "must be a String or a Regex");
        }
        catch (ArgumentException e)
        {
            throw keys.Bad("pattern", $"cannot be read: {e.Message}");
        }
    }

    private static string Behavior(JsonKeys keys) =>
        keys.Text("behavior") switch
        {
            "Isolated" or "isolated" or null => "Isolated",
            "Removed" or "removed" => "Removed",
            "MergedWithPrevious" or "merged_with_previous" => "MergedWithPrevious",
            "MergedWithNext" or "merged_with_next" => "MergedWithNext",
            "Contiguous" or "contiguous" => "Contiguous",
            var other => throw keys.Bad("behavior", $"'{other}' is not supported"),
        };

    private static Func<Piece, GrowthLimit, IEnumerable<Piece>> ByteLevel(bool prefix, bool split, string name)
    {
        Func<Piece, IEnumerable<Piece>> cut = split ? Splitter(text => Gpt2.Value.Matches(text), "Isolated") : static piece => [piece];
        return (piece, limit) =>
            cut(prefix && !piece.Text.StartsWith(' ') ? piece with { Text = " " + piece.Text } : piece)
                .Select(p => p with { Text = limit.Counted(p.Text, ByteAlphabet.Encode(p.Text), name) });
    }

    /// <summary>Words, and runs of characters that are neither words nor white space.</summary>
    private static Func<Piece, IEnumerable<Piece>> Whitespace()
    {
        (Func<Piece, IEnumerable<Piece>>? spaces, Func<Piece, IEnumerable<Piece>>? words) = (
            Splitter(Runes(static r => UnicodeRanges.IsWhiteSpace(r) && !UnicodeRanges.IsWord(r)), "Removed"),
            Splitter(Runes(UnicodeRanges.IsWord), "Contiguous")
        );
        return piece => spaces(piece).SelectMany(words);
    }

    private static Func<Piece, GrowthLimit, IEnumerable<Piece>> Metaspace(JsonKeys keys)
    {
        (string replacement, string name) = (keys.Text("replacement") ?? "▁", GrowthLimit.Name(keys));
        string scheme = keys.Text("prepend_scheme") ?? (keys.Flag("add_prefix_space") == false ? "never" : "always");
        if (replacement.Length is 0 or > MaxReplacement)
        {
            throw keys.Bad("replacement", "must be one character");
        }

        Func<Piece, IEnumerable<Piece>> cut =
            keys.Flag("split") ?? true ? Splitter(Literal(replacement), "MergedWithNext") : static piece => [piece];
        return (piece, limit) =>
        {
            string text = limit.Counted(piece.Text, piece.Text.Replace(" ", replacement), name);
            bool prepend =
                (scheme == "always" || (scheme == "first" && piece.AtStart)) && !text.StartsWith(replacement, StringComparison.Ordinal);
            return cut(piece with { Text = prepend ? replacement + text : text });
        };
    }

    private static Func<string, IEnumerable<(int, int)>> Literal(string wanted) => text => Find(text, wanted);

    private static IEnumerable<(int, int)> Find(string text, string wanted)
    {
        for (int at = 0; text.IndexOf(wanted, at, StringComparison.Ordinal) is >= 0 and var found; at = found + wanted.Length)
        {
            yield return (found, found + wanted.Length);
        }
    }

    private static Func<string, IEnumerable<(int, int)>> Runes(Func<int, bool> matches) => text => Find(text, matches);

    private static IEnumerable<(int, int)> Find(string text, Func<int, bool> matches)
    {
        int at = 0;
        foreach (int point in CodePoints.Enumerate(text))
        {
            int end = at + (point > char.MaxValue ? 2 : 1);
            if (matches(point))
            {
                yield return (at, end);
            }

            at = end;
        }
    }

    /// <summary>Splits at matches, also at empty ones, and treats the matches as Hugging Face's SplitDelimiterBehavior does.</summary>
    private static Func<Piece, IEnumerable<Piece>> Splitter(
        Func<string, IEnumerable<(int Start, int End)>> find,
        string behavior,
        bool invert = false
    ) =>
        piece =>
        {
            var parts = new List<(int Start, int End, bool Match)>();
            int done = 0;
            foreach ((int start, int end) in find(piece.Text))
            {
                if (start > done)
                {
                    parts.Add((done, start, invert));
                }

                parts.Add((start, end, !invert));
                done = end;
            }

            if (done < piece.Text.Length)
            {
                parts.Add((done, piece.Text.Length, invert));
            }

            IEnumerable<(int Start, int End, bool Match)> kept = Merge(parts, behavior);
            return kept.Where(p => p.End > p.Start).Select(p => new Piece(piece.Text[p.Start..p.End], piece.AtStart && p.Start == 0));
        };

    private static IEnumerable<(int Start, int End, bool Match)> Merge(List<(int Start, int End, bool Match)> parts, string behavior)
    {
        if (behavior is "Isolated" or "Removed")
        {
            return behavior == "Isolated" ? parts : parts.Where(p => !p.Match);
        }

        var merged = new List<(int Start, int End, bool Match)>();
        bool backwards = behavior == "MergedWithNext";
        if (backwards)
        {
            parts.Reverse();
        }

        bool last = false;
        foreach ((int Start, int End, bool Match) part in parts)
        {
            if (merged.Count > 0 && (behavior == "Contiguous" ? part.Match == last : part.Match && !last))
            {
                merged[^1] = (Math.Min(merged[^1].Start, part.Start), Math.Max(merged[^1].End, part.End), part.Match);
            }
            else
            {
                merged.Add(part);
            }

            last = part.Match;
        }

        if (backwards)
        {
            merged.Reverse();
        }

        return merged;
    }
}
