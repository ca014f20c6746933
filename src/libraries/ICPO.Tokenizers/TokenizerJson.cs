using System.Text.Json;
using ICPO.DataFiles.Json;
using ICPO.Tokenizers.Bpe;
using ICPO.Tokenizers.Json;
using ICPO.Tokenizers.Limits;
using ICPO.Tokenizers.Pipeline;

namespace ICPO.Tokenizers;

/// <summary>
/// Reads the tokenizer.json of Hugging Face tokenizers: BPE models, byte-level or SentencePiece-style, and this project's character
/// tokenizer. Unknown content that would change the ids is rejected. Truncation and padding are ignored, since transformers sets them for
/// each call.
/// </summary>
public static class TokenizerJson
{
    /// <summary>Name of the file in a model directory.</summary>
    public const string FileName = "tokenizer.json";

    private const int MaxTokens = 1 << 30;
    private const int MaxAffix = 32;

    /// <summary>Loads a tokenizer.</summary>
    /// <param name="path">A tokenizer.json, or a directory that contains one, whose tokenizer_config.json is read as well: its keys
    /// add_bos_token and add_eos_token decide about <see cref="Tokenizer.Frame"/>, as in transformers.</param>
    /// <exception cref="InvalidDataException">It is missing, malformed or of an unsupported kind; names the file and the key.</exception>
    public static Tokenizer Load(string path)
    {
        bool isDirectory = Directory.Exists(path);
        using var json = JsonFile.Open(isDirectory ? Path.Combine(path, FileName) : path);
        string settings = Path.Combine(path, SpecialTokenTexts.ConfigFile);
        if (!isDirectory || !File.Exists(settings))
        {
            return Load(json.Keys);
        }

        using var config = JsonFile.Open(settings);
        return Load(json.Keys, new AddedFrame(config.Keys, SpecialTokenTexts.Read(path, config.Keys)));
    }

    /// <summary>Reads the content of a tokenizer.json.</summary>
    /// <param name="source">Name of the content, for errors.</param>
    /// <param name="text">The content, in UTF-8.</param>
    /// <exception cref="InvalidDataException">It is malformed or of an unsupported kind; names the source and the key.</exception>
    public static Tokenizer Parse(string source, byte[] text)
    {
        using var json = JsonFile.Parse(source, text);
        return Load(json.Keys);
    }

    private static Tokenizer Load(JsonKeys keys, AddedFrame? settings = null)
    {
        JsonKeys model = keys.Object("model") ?? throw keys.Bad("model", "is missing");
        if (model.Text("type") is { } type and not "BPE")
        {
            throw model.Bad("type", $"'{type}' is not supported, only 'BPE' is");
        }

        if (model.Find("dropout") is { ValueKind: JsonValueKind.Number } dropout && dropout.GetDouble() > 0)
        {
            throw model.Bad("dropout", "is set, which makes ids random; only null is supported");
        }

        Dictionary<string, int> vocabulary = Vocabulary(model);
        (List<AddedToken>? added, List<(string Left, string Right)>? merges) = (Added(keys, vocabulary), Merges(model));
        TextFrame frame = Frame(keys, settings, text => added.Find(t => t.Content == text)?.Id ?? Known(vocabulary, text));
        if (keys.Find("pre_tokenizer") is null && merges.Count == 0)
        {
            return Checked(keys, Characters(keys, vocabulary, added, frame), id => id < vocabulary.Count);
        }

        try
        {
            var tokenizer = new SubwordTokenizer(
                new(vocabulary, merges, Settings(model, vocabulary)),
                vocabulary,
                added,
                new()
                {
                    Normalize = Normalizers.Read(keys.Steps("normalizer")),
                    Split = PreTokenizers.Read(keys.Steps("pre_tokenizer")),
                    Decode = Decoders.Read(keys.Steps("decoder")),
                }
            )
            {
                Frame = frame,
            };
            return Checked(keys, tokenizer, id => tokenizer.Token(id) is not null);
        }
        catch (ArgumentException e)
        {
            throw model.Bad("merges", $"does not fit: {e.Message}");
        }
    }

    /// <summary>The tokens around a text: those of the settings, else those of the post-processor.</summary>
    private static TextFrame Frame(JsonKeys keys, AddedFrame? settings, Func<string, int?> find)
    {
        JsonKeys? processor = keys.Steps("post_processor");
        (int[] before, int[] after) = PostProcessors.Read(processor);
        return settings?.Read(processor is not null, find) ?? new([.. before], [.. after]);
    }

    private static Tokenizer Checked(JsonKeys keys, Tokenizer tokenizer, Func<int, bool> isToken) =>
        tokenizer.Frame.Before.Concat(tokenizer.Frame.After).FirstOrDefault(id => id < 0 || !isToken(id), -1) is >= 0 and var stray
            ? throw keys.Bad("post_processor", $"adds the token {stray}, which is none of the tokenizer's")
            : tokenizer;

    private static int? Known(Dictionary<string, int> vocabulary, string text) => vocabulary.TryGetValue(text, out int id) ? id : null;

    private static BpeSettings Settings(JsonKeys model, Dictionary<string, int> vocabulary) =>
        new()
        {
            Unknown = model.Text("unk_token") is { } unknown ? Unknown(model, vocabulary, unknown) : null,
            FuseUnknown = model.Flag("fuse_unk") ?? false,
            ByteFallback = model.Flag("byte_fallback") ?? false,
            IgnoreMerges = model.Flag("ignore_merges") ?? false,
            Prefix = Affix(model, "continuing_subword_prefix"),
            Suffix = Affix(model, "end_of_word_suffix"),
        };

    /// <summary>The token of a character that is in no token.</summary>
    private static Func<string, int> Unknown(JsonKeys model, Dictionary<string, int> vocabulary, string token) =>
        vocabulary.TryGetValue(token, out int id)
            ? _ => id
            : character => throw model.Bad("unk_token", $"'{token}' is not in the vocabulary, and '{character}' is in no token");

    /// <summary>It is added to single characters, so a long one would multiply a text.</summary>
    private static string Affix(JsonKeys model, string key)
    {
        string affix = model.Text(key) ?? "";
        return affix.Length <= MaxAffix ? affix : throw model.Bad(key, $"is longer than {MaxAffix} characters");
    }

    private static CharacterTokenizer Characters(JsonKeys keys, Dictionary<string, int> vocabulary, List<AddedToken> added, TextFrame frame)
    {
        (keys.Object("decoder") ?? throw keys.Bad("decoder", "is missing")).Expect("type", "Fuse");
        if (keys.Find("normalizer") is not null)
        {
            throw keys.Bad("normalizer", "is not supported for a character tokenizer");
        }

        string[] tokens = [.. vocabulary.OrderBy(t => t.Value).Select(t => t.Key)];
        string[] special = [.. added.OrderBy(t => t.Id).Select(t => t.Content)];
        return
            special.Length == 3
            && tokens.Take(3).SequenceEqual(special)
            && vocabulary.Values.Max() == tokens.Length - 1
            && tokens.Skip(3).All(t => t.Length == 1)
            ? new(special, [.. tokens.Skip(3).Select(t => t[0])]) { Frame = frame }
            : throw keys.Bad("model.vocab", "must be pad, bos and eos, then single characters, numbered from 0, if there are no merges");
    }

    private static Dictionary<string, int> Vocabulary(JsonKeys model)
    {
        JsonKeys vocabulary = model.Object("vocab") ?? throw model.Bad("vocab", "is missing");
        try
        {
            var ids = vocabulary.Value.EnumerateObject().ToDictionary(t => t.Name, t => t.Value.GetInt32());
            if (ids.Count == 0)
            {
                throw model.Bad("vocab", "is empty: a tokenizer needs a token");
            }

            return ids.Values.All(id => id is >= 0 and < MaxTokens)
                ? ids
                : throw new FormatException($"an id is not from 0 to {MaxTokens - 1}");
        }
        catch (Exception e) when (e is InvalidOperationException or FormatException or ArgumentException)
        {
            throw model.Bad("vocab", $"must map each token to an integer ({e.Message})");
        }
    }

    /// <summary>
    /// As in the reference, tokens that are not in the vocabulary are numbered after it in their order, regardless of their ids in the
    /// file. Empty ones are ignored. Of repeated ones the last holds, and it is special if any of them is.
    /// </summary>
    private static List<AddedToken> Added(JsonKeys keys, Dictionary<string, int> vocabulary)
    {
        (OrderedDictionary<string, AddedToken>? added, int next) = (new OrderedDictionary<string, AddedToken>(), vocabulary.Count);
        foreach (JsonKeys token in keys.Find("added_tokens") is null ? [] : keys.List("added_tokens"))
        {
            if (token.Integers("id") is not [>= 0] || token.Text("content") is not { } content)
            {
                throw token.Bad("content", "must be a text with an id");
            }

            if (content.Length == 0)
            {
                continue;
            }

            bool special = token.Flag("special") ?? false;
            AddedToken? earlier = added.GetValueOrDefault(content);
            added[content] = new(
                earlier?.Id ?? (vocabulary.TryGetValue(content, out int known) ? known : next++),
                content,
                special || earlier is { Special: true }
            )
            {
                LeftStrip = token.Flag("lstrip") ?? false,
                RightStrip = token.Flag("rstrip") ?? false,
                SingleWord = token.Flag("single_word") ?? false,
                Normalized = token.Flag("normalized") ?? !special,
            };
        }

        return [.. added.Values];
    }

    /// <summary>Merges; the file has them as "a b", possibly after a line with the version, or as pairs.</summary>
    private static List<(string Left, string Right)> Merges(JsonKeys model)
    {
        JsonElement merges = model.Find("merges") ?? throw model.Bad("merges", "is missing");
        try
        {
            return
            [
                .. merges
                    .EnumerateArray()
                    .Where(m => !IsVersion(m))
                    .Select(m => Parts(m) is [var left, var right] ? (left, right) : throw new InvalidOperationException()),
            ];
        }
        catch (InvalidOperationException)
        {
            throw model.Bad("merges", "must be a list of pairs of tokens");
        }

        static bool IsVersion(JsonElement merge) =>
            merge.ValueKind == JsonValueKind.String && merge.GetString()!.StartsWith("#version", StringComparison.Ordinal);

        static string[] Parts(JsonElement merge) =>
            merge.ValueKind == JsonValueKind.String
                ? merge.GetString()!.Split(' ')
                : [.. merge.EnumerateArray().Select(e => e.GetString() ?? throw new InvalidOperationException())];
    }
}
