using System.Text.Json;
using ICPO.Actors.Contracts;

namespace ICPO.Actors.Modeling;

/// <summary>
/// Reads the tokenizer.json of Hugging Face tokenizers: byte-level BPE (GPT-2, Qwen) and the character tokenizer of this
/// project. Anything in the file that would change the ids and is not known is refused.
/// </summary>
public static class TokenizerJson
{
    public const string FileName = "tokenizer.json";

    private const string Gpt2Pattern = @"'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+";

    /// <summary>Loads a file, or the tokenizer.json of a directory.</summary>
    /// <exception cref="InvalidDataException">It is absent, malformed or of a kind that is not supported; names the file and the key.</exception>
    public static ITokenizer Load(string path)
    {
        using var json = JsonFile.Open(Directory.Exists(path) ? Path.Combine(path, FileName) : path);
        var keys = json.Keys;
        var model = keys.Object("model") ?? throw keys.Bad("model", "is missing");
        if (model.Text("type") is { } type and not "BPE")
        {
            throw model.Bad("type", $"'{type}' is not supported, only 'BPE' is");
        }

        foreach (var flag in new[] { "ignore_merges", "byte_fallback", "fuse_unk" })
        {
            model.Expect(flag, false);
        }

        foreach (var key in new[] { "dropout", "unk_token" })
        {
            if (model.Find(key) is { } value)
            {
                throw model.Bad(key, $"'{value}' is not supported, only null is");
            }
        }

        foreach (var key in new[] { "continuing_subword_prefix", "end_of_word_suffix" })
        {
            model.Expect(key, "");
        }

        var vocabulary = Vocabulary(model);
        var (added, merges) = (Added(keys), Merges(model));
        return keys.Find("pre_tokenizer") is null && merges.Count == 0
            ? Characters(keys, vocabulary, added)
            : new ByteLevelTokenizer(vocabulary, merges, added, Pattern(keys), Normalizes(keys));
    }

    private static CharacterTokenizer Characters(JsonKeys keys, Dictionary<string, int> vocabulary, Dictionary<string, int> added)
    {
        (keys.Object("decoder") ?? throw keys.Bad("decoder", "is missing")).Expect("type", "Fuse");
        if (keys.Find("normalizer") is not null)
        {
            throw keys.Bad("normalizer", "is not supported for a character tokenizer");
        }

        string[] tokens = [.. vocabulary.OrderBy(t => t.Value).Select(t => t.Key)];
        string[] special = [.. added.OrderBy(t => t.Value).Select(t => t.Key)];
        return special.Length == 3 && tokens.Take(3).SequenceEqual(special) && vocabulary.Values.Max() == tokens.Length - 1 && tokens.Skip(3).All(t => t.Length == 1)
            ? new(special, [.. tokens.Skip(3).Select(t => t[0])])
            : throw keys.Bad("model.vocab", "must be pad, bos and eos, then single characters, numbered from 0, where there are no merges");
    }

    private static Dictionary<string, int> Vocabulary(JsonKeys model)
    {
        var vocabulary = model.Object("vocab") ?? throw model.Bad("vocab", "is missing");
        try
        {
            return vocabulary.Value.EnumerateObject().ToDictionary(t => t.Name, t => t.Value.GetInt32());
        }
        catch (Exception e) when (e is InvalidOperationException or FormatException or ArgumentException)
        {
            throw model.Bad("vocab", $"must give each token one whole number ({e.Message})");
        }
    }

    private static Dictionary<string, int> Added(JsonKeys keys)
    {
        var added = new Dictionary<string, int>();
        foreach (var element in keys.Find("added_tokens")?.EnumerateArray() ?? default)
        {
            var token = new JsonKeys(keys.Path, $"added_tokens[{added.Count}].", element);
            foreach (var flag in new[] { "lstrip", "rstrip", "single_word" })
            {
                token.Expect(flag, false);
            }

            if (token.Integers("id") is not [var id] || token.Text("content") is not { Length: > 0 } content || !added.TryAdd(content, id))
            {
                throw token.Bad("content", "must be a text that occurs once, with an id");
            }
        }

        return added;
    }

    /// <summary>Merges as "a b"; the file has them so or as pairs.</summary>
    private static List<string> Merges(JsonKeys model)
    {
        var merges = model.Find("merges") ?? throw model.Bad("merges", "is missing");
        try
        {
            return [.. merges.EnumerateArray().Select(m => m.ValueKind == JsonValueKind.String ? m.GetString()! : $"{m[0].GetString()} {m[1].GetString()}")];
        }
        catch (Exception e) when (e is InvalidOperationException or IndexOutOfRangeException)
        {
            throw model.Bad("merges", "must be a list of pairs of tokens");
        }
    }

    private static string Pattern(JsonKeys keys)
    {
        var step = keys.Object("pre_tokenizer") ?? throw keys.Bad("pre_tokenizer", "is missing");
        JsonKeys[] steps = step.Text("type") == "Sequence"
            ? [.. (step.Find("pretokenizers") ?? throw step.Bad("pretokenizers", "is missing")).EnumerateArray().Select((e, i) => new JsonKeys(keys.Path, $"pre_tokenizer.pretokenizers[{i}].", e))]
            : [step];
        if (steps[^1].Text("type") != "ByteLevel")
        {
            throw keys.Bad("pre_tokenizer", $"ends in '{steps[^1].Text("type")}'; only ByteLevel is supported");
        }

        steps[^1].Expect("add_prefix_space", false);
        switch (steps)
        {
            case [_]:
                steps[0].Expect("use_regex", true);
                return Gpt2Pattern;
            case [var split, var last]:
                last.Expect("use_regex", false);
                split.Expect("type", "Split");
                split.Expect("behavior", "Isolated");
                split.Expect("invert", false);
                return split.Object("pattern")?.Text("Regex") ?? throw split.Bad("pattern", "must be a Regex");
            default:
                throw keys.Bad("pre_tokenizer", "has more steps than the supported Split and ByteLevel");
        }
    }

    private static bool Normalizes(JsonKeys keys)
    {
        var normalizer = keys.Object("normalizer");
        normalizer?.Expect("type", "NFC");
        return normalizer is not null;
    }
}
