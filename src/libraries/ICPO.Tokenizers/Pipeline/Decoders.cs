using System.Globalization;
using System.Text;
using System.Text.Json;
using ICPO.DataFiles.Json;
using ICPO.Tokenizers.Json;
using ICPO.Tokenizers.Limits;
using ICPO.Tokenizers.Unicode;

namespace ICPO.Tokenizers.Pipeline;

/// <summary>The decoder of a tokenizer.json: converts tokens to text in steps over the whole list.</summary>
internal static class Decoders
{
    private static readonly UTF8Encoding Strict = new(false, throwOnInvalidBytes: true);

    /// <exception cref="InvalidDataException">A step is of a kind that is not supported; names the key.</exception>
    public static Func<IEnumerable<string>, GrowthLimit, IEnumerable<string>> Read(JsonKeys? keys)
    {
        if (keys is null)
        {
            return static (tokens, _) => [string.Join(' ', tokens)];
        }

        switch (keys.Text("type"))
        {
            case "Sequence":
                Func<IEnumerable<string>, GrowthLimit, IEnumerable<string>>[] steps = [.. keys.List("decoders").Select(Read)];
                return (tokens, limit) => steps.Aggregate(tokens, (t, step) => step(t, limit));
            case "ByteLevel":
                return static (tokens, _) => [Encoding.UTF8.GetString([.. tokens.SelectMany(ByteAlphabet.Decode)])];
            case "ByteFallback":
                return static (tokens, _) => ByteFallback(tokens);
            case "Fuse":
                return static (tokens, _) => [string.Concat(tokens)];
            case "Replace":
                Func<string, GrowthLimit, string> replace = Normalizers.Replacement(keys);
                return (tokens, limit) => tokens.Select(t => replace(t, limit));
            case "Strip":
                char content = keys.Text("content") is [var one] ? one : throw keys.Bad("content", "must be one character");
                (int start, int stop) = (Count(keys, "start"), Count(keys, "stop"));
                return (tokens, _) => tokens.Select(t => Strip(t, content, start, stop));
            case "Metaspace":
                string replacement = keys.Text("replacement") ?? "▁";
                if (replacement.Length == 0)
                {
                    throw keys.Bad("replacement", "must be one character");
                }

                bool drops = (keys.Text("prepend_scheme") ?? (keys.Flag("add_prefix_space") == false ? "never" : "always")) != "never";
                return (tokens, _) => tokens.Select((t, i) => t.Replace(replacement, i == 0 && drops ? "" : " "));
            case "WordPiece":
                return WordPiece(keys);
            case "BPEDecoder":
                string suffix = keys.Text("suffix") ?? "</w>";
                return (tokens, _) =>
                    tokens.ToList() is var all
                        ? all.Select((t, i) => suffix.Length == 0 ? t : t.Replace(suffix, i == all.Count - 1 ? "" : " "))
                        : [];
            case var type:
                throw keys.Bad("type", $"'{type}' is not supported");
        }
    }

    private static Func<IEnumerable<string>, GrowthLimit, IEnumerable<string>> WordPiece(JsonKeys keys)
    {
        (string prefix, bool cleanup, string name) = (keys.Text("prefix") ?? "##", keys.Flag("cleanup") ?? true, GrowthLimit.Name(keys));
        return (tokens, limit) =>
            tokens.Select(
                (token, i) =>
                {
                    string text =
                        i == 0 ? token
                        : token.StartsWith(prefix, StringComparison.Ordinal) ? token[prefix.Length..]
                        : " " + token;
                    return limit.Counted(token, cleanup ? Clean(text) : text, name);
                }
            );
    }

    /// <summary>Runs of byte tokens as the text they spell; an invalid run becomes one U+FFFD per byte.</summary>
    private static IEnumerable<string> ByteFallback(IEnumerable<string> tokens)
    {
        var run = new List<byte>();
        foreach (string token in tokens)
        {
            if (
                token is ['<', '0', 'x', _, _, '>']
                && byte.TryParse(token.AsSpan(3, 2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out byte value)
            )
            {
                run.Add(value);
                continue;
            }

            if (run.Count > 0)
            {
                yield return Text(run);
                run.Clear();
            }

            yield return token;
        }

        if (run.Count > 0)
        {
            yield return Text(run);
        }

        static string Text(List<byte> run)
        {
            try
            {
                return Strict.GetString([.. run]);
            }
            catch (DecoderFallbackException)
            {
                return new string('\uFFFD', run.Count);
            }
        }
    }

    private static string Strip(string token, char content, int start, int stop)
    {
        (int from, int to) = (0, token.Length);
        while (from < Math.Min(start, token.Length) && token[from] == content)
        {
            from++;
        }

        while (token.Length - to < stop && to > from && token[to - 1] == content)
        {
            to--;
        }

        return token[from..to];
    }

    private static int Count(JsonKeys keys, string key) =>
        keys.Find(key) is { ValueKind: JsonValueKind.Number } value && value.TryGetInt32(out int count) && count >= 0
            ? count
            : throw keys.Bad(key, "must be a whole number");

    /// <summary>Removes the spaces that joining words puts before punctuation.</summary>
    private static string Clean(string text) =>
        text.Replace(" .", ".")
            .Replace(" ?", "?")
            .Replace(" !", "!")
            .Replace(" ,", ",")
            .Replace(" ' ", "'")
            .Replace(" n't", "n't")
            .Replace(" 'm", "'m")
            .Replace(" do not", " don't")
            .Replace(" 's", "'s")
            .Replace(" 've", "'ve")
            .Replace(" 're", "'re");
}
