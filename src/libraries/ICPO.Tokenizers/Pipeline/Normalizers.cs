using System.Globalization;
using System.Text;
using ICPO.DataFiles.Json;
using ICPO.Tokenizers.Json;
using ICPO.Tokenizers.Limits;
using ICPO.Tokenizers.Unicode;

namespace ICPO.Tokenizers.Pipeline;

/// <summary>The normalizer of a tokenizer.json.</summary>
internal static class Normalizers
{
    /// <exception cref="InvalidDataException">A step is of a kind that is not supported; names the key.</exception>
    public static Func<string, GrowthLimit, string> Read(JsonKeys? keys)
    {
        if (keys is null)
        {
            return static (text, _) => text;
        }

        switch (keys.Text("type"))
        {
            case "Sequence":
                Func<string, GrowthLimit, string>[] steps = [.. keys.List("normalizers").Select(Read)];
                return (text, limit) => steps.Aggregate(text, (t, step) => step(t, limit));
            case "Replace":
                return Replacement(keys);
            default:
                (Func<string, string> step, string name) = (Plain(keys), GrowthLimit.Name(keys));
                return (text, limit) => limit.Counted(text, step(text), name);
        }
    }

    private static Func<string, string> Plain(JsonKeys keys)
    {
        switch (keys.Text("type"))
        {
            case "NFC":
                return UnicodeNormalization.ToNfc;
            case "NFD":
                return UnicodeNormalization.ToNfd;
            case "NFKC":
                return UnicodeNormalization.ToNfkc;
            case "NFKD":
                return UnicodeNormalization.ToNfkd;
            case "Lowercase":
                return CodePoints.ToLower;
            case "Prepend":
                string prefix = keys.Text("prepend") ?? throw keys.Bad("prepend", "is missing");
                return text => text.Length == 0 ? text : prefix + text;
            case "Strip":
                (bool left, bool right) = (keys.Flag("strip_left") ?? true, keys.Flag("strip_right") ?? true);
                return (left, right) switch
                {
                    (true, true) => static text => text.Trim(),
                    (true, false) => static text => text.TrimStart(),
                    (false, true) => static text => text.TrimEnd(),
                    _ => static text => text,
                };
            case "StripAccents":
                return static text =>
                    string.Concat(
                        text.EnumerateRunes()
                            .Where(r =>
                                Rune.GetUnicodeCategory(r)
                                    is not (
                                        UnicodeCategory.NonSpacingMark
                                        or UnicodeCategory.SpacingCombiningMark
                                        or UnicodeCategory.EnclosingMark
                                    )
                            )
                            .Select(r => r.ToString())
                    );
            case "ByteLevel":
                return ByteAlphabet.Encode;
            case var type:
                throw keys.Bad("type", $"'{type}' is not supported");
        }
    }

    /// <summary>Replaces every match of "pattern" by "content".</summary>
    public static Func<string, GrowthLimit, string> Replacement(JsonKeys keys)
    {
        string name = GrowthLimit.Name(keys);
        (Func<string, IEnumerable<(int Start, int End)>>? matches, string? content) = (
            PreTokenizers.Pattern(keys),
            keys.Text("content") ?? throw keys.Bad("content", "is missing")
        );
        return (text, limit) =>
        {
            (StringBuilder? result, int done) = (new StringBuilder(text.Length), 0);
            foreach ((int start, int end) in matches(text))
            {
                limit.Add(content.Length - (end - start), name);
                result.Append(text, done, start - done).Append(content);
                done = end;
            }

            return done == 0 && result.Length == 0 ? text : result.Append(text, done, text.Length - done).ToString();
        };
    }
}
