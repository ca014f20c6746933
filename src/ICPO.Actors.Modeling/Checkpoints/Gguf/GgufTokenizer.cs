using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using ICPO.Actors.Modeling.Transformer;
using ICPO.DataFiles.Files;
using ICPO.Tokenizers;

namespace ICPO.Actors.Modeling.Checkpoints.Gguf;

/// <summary>The tokenizer inside a GGUF file, as the tokenizer.json and tokenizer_config.json of a Hugging Face directory.</summary>
internal static class GgufTokenizer
{
    private static readonly JsonSerializerOptions Readable = new()
    {
        WriteIndented = true,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    private const int SentencePieceBegin = 1;
    private const int SentencePieceEnd = 2;

    private const string Contractions = "(?i:'s|'t|'re|'ve|'m|'ll|'d)";
    private const string Rest = @"| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+";
    private const string Llama3Pattern = Contractions + @"|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}" + Rest;
    private const string QwenPattern = Contractions + @"|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}" + Rest;

    /// <summary>tokenizer.json.</summary>
    /// <exception cref="InvalidDataException">The file has no tokenizer, or one of a kind whose rules are not known: a GGUF file only names
    /// them.</exception>
    public static JsonObject Create(GgufFile file)
    {
        var keys = new GgufKeys(file);
        var pieces = GgufPieces.Read(keys);
        switch (keys.Text("tokenizer.ggml.model"))
        {
            case "gpt2":
                string[] merges = keys.List<string>("tokenizer.ggml.merges") ?? throw keys.Bad("tokenizer.ggml.merges", "is missing");
                (JsonNode? normalizer, JsonNode? preTokenizer, bool ignoresMerges) = Rules(keys);
                return Json(
                    pieces,
                    normalizer,
                    preTokenizer,
                    Template(keys, pieces, begins: ignoresMerges),
                    ByteLevel(usesRegex: true),
                    new JsonObject
                    {
                        ["type"] = "BPE",
                        ["dropout"] = null,
                        ["unk_token"] = null,
                        ["continuing_subword_prefix"] = null,
                        ["end_of_word_suffix"] = null,
                        ["fuse_unk"] = false,
                        ["byte_fallback"] = false,
                        ["ignore_merges"] = ignoresMerges,
                        ["vocab"] = pieces.Vocabulary(),
                        ["merges"] = new JsonArray([.. merges.Select(m => JsonValue.Create(m))]),
                    }
                );
            case "llama":
                return SentencePieceJson.Create(pieces, keys, Template(keys, pieces, begins: true));
            case null:
                throw keys.Bad("tokenizer.ggml.model", "is missing");
            case var other:
                throw keys.Bad("tokenizer.ggml.model", $"'{other}' is not supported, only 'gpt2' and 'llama' are");
        }
    }

    /// <summary>tokenizer_config.json.</summary>
    public static JsonObject CreateConfig(GgufFile file, int longest)
    {
        var keys = new GgufKeys(file);
        var pieces = GgufPieces.Read(keys);
        var config = new JsonObject
        {
            ["tokenizer_class"] = "PreTrainedTokenizerFast",
            ["clean_up_tokenization_spaces"] = false,
            ["model_max_length"] = longest,
        };
        foreach ((string? name, string? key) in new[] { ("bos", "bos"), ("eos", "eos"), ("unk", "unknown"), ("pad", "padding") })
        {
            if (keys.Index($"tokenizer.ggml.{key}_token_id") is { } id && id < pieces.Texts.Length)
            {
                config[$"{name}_token"] = pieces.Texts[id];
            }
        }

        if (GgufTemplates.Create(file) is { } templates)
        {
            config["chat_template"] = templates;
        }

        return config;
    }

    /// <summary>Writes both files into a directory; a tokenizer that cannot be made is left out.</summary>
    /// <returns>Why it was left out; null if it was not.</returns>
    public static string? Save(GgufFile file, DecoderConfig config, string directory)
    {
        JsonObject tokenizer;
        try
        {
            tokenizer = Create(file);
        }
        catch (InvalidDataException e)
        {
            return e.Message; // the weights are worth having without it
        }

        DurableFile.Write(Path.Combine(directory, TokenizerJson.FileName), stream => stream.Write(Write(tokenizer)));
        DurableFile.Write(Path.Combine(directory, "tokenizer_config.json"), stream =>
            stream.Write(Write(CreateConfig(file, config.MaxPositionEmbeddings)))
        );
        return null;
    }

    public static byte[] Write(JsonObject content) => JsonSerializer.SerializeToUtf8Bytes(content, Readable);

    internal static JsonObject Json(
        GgufPieces pieces,
        JsonNode? normalizer,
        JsonNode? preTokenizer,
        JsonNode? postProcessor,
        JsonNode decoder,
        JsonNode model
    ) =>
        new()
        {
            ["version"] = "1.0",
            ["truncation"] = null,
            ["padding"] = null,
            ["added_tokens"] = pieces.Added(),
            ["normalizer"] = normalizer,
            ["pre_tokenizer"] = preTokenizer,
            ["post_processor"] = postProcessor,
            ["decoder"] = decoder,
            ["model"] = model,
        };

    internal static JsonObject Sequence(string kind, string member, params JsonNode[] steps) =>
        new() { ["type"] = kind, [member] = new JsonArray(steps) };

    /// <summary>What llama.cpp does for a name of <c>tokenizer.ggml.pre</c>.</summary>
    private static (JsonNode? Normalizer, JsonNode PreTokenizer, bool IgnoresMerges) Rules(GgufKeys keys)
    {
        const string Key = "tokenizer.ggml.pre";
        return keys.Text(Key) switch
        {
            "gpt-2" or "gpt2" => (null, ByteLevel(usesRegex: true), false),
            "smollm" or "starcoder" or "refact" or "codeshell" => (
                null,
                Sequence(
                    "Sequence",
                    "pretokenizers",
                    new JsonObject { ["type"] = "Digits", ["individual_digits"] = true },
                    ByteLevel(usesRegex: true)
                ),
                false
            ),
            "qwen2" or "deepseek-r1-qwen" => (new JsonObject { ["type"] = "NFC" }, Split(QwenPattern), false),
            "llama-bpe" or "llama3" or "llama-v3" => (null, Split(Llama3Pattern), true),
            null => throw keys.Bad(Key, "is missing, so how the text is split is not known"),
            var other => throw keys.Bad(
                Key,
                $"'{other}' names unknown rules; known are gpt-2, smollm, starcoder, refact, codeshell, qwen2, deepseek-r1-qwen, llama-bpe"
            ),
        };
    }

    private static JsonObject Split(string pattern) =>
        Sequence(
            "Sequence",
            "pretokenizers",
            new JsonObject
            {
                ["type"] = "Split",
                ["pattern"] = new JsonObject { ["Regex"] = pattern },
                ["behavior"] = "Isolated",
                ["invert"] = false,
            },
            ByteLevel(usesRegex: false)
        );

    private static JsonObject ByteLevel(bool usesRegex) =>
        new()
        {
            ["type"] = "ByteLevel",
            ["add_prefix_space"] = false,
            ["trim_offsets"] = true,
            ["use_regex"] = usesRegex,
        };

    /// <summary>The id of a token that is added to texts; null if none is.</summary>
    /// <param name="keys">The file's.</param>
    /// <param name="name">bos or eos.</param>
    /// <param name="usual">Its id in a SentencePiece vocabulary, which a file may leave out.</param>
    /// <param name="otherwise">Whether it is added if the file does not specify this.</param>
    /// <exception cref="InvalidDataException">The token is to be added but the file names none.</exception>
    private static int? Added(GgufKeys keys, string name, int usual, bool otherwise)
    {
        (string flag, string key) = ($"tokenizer.ggml.add_{name}_token", $"tokenizer.ggml.{name}_token_id");
        bool? said = keys.Flag(flag);
        if (!(said ?? otherwise))
        {
            return null;
        }

        int? id = keys.Index(key) ?? (keys.Text("tokenizer.ggml.model") == "llama" ? usual : null);
        return id is null && said is true ? throw keys.Bad(key, $"is missing, but {flag} is true") : id;
    }

    /// <summary>Puts the tokens that begin and end a text round it, where the file asks for them; null if it does not.</summary>
    /// <param name="keys">The file's.</param>
    /// <param name="pieces">The tokens.</param>
    /// <param name="begins">
    /// Whether a begin of text is added if the file does not specify this: those of SentencePiece and of Llama 3 do.
    /// </param>
    private static JsonObject? Template(GgufKeys keys, GgufPieces pieces, bool begins)
    {
        int? first = Added(keys, "bos", SentencePieceBegin, begins);
        int? last = Added(keys, "eos", SentencePieceEnd, otherwise: false);
        if (first is null && last is null)
        {
            return null;
        }

        var special = new JsonObject();
        return new()
        {
            ["type"] = "TemplateProcessing",
            ["single"] = new JsonArray([.. Around("A", 0)]),
            ["pair"] = new JsonArray([.. Around("A", 0), .. Around("B", 1)]),
            ["special_tokens"] = special,
        };

        IEnumerable<JsonNode> Around(string text, int type) =>
            [
                .. Token(first, type),
                new JsonObject
                {
                    ["Sequence"] = new JsonObject { ["id"] = text, ["type_id"] = type },
                },
                .. Token(last, type),
            ];

        IEnumerable<JsonNode> Token(int? id, int type)
        {
            if (id is not { } known)
            {
                yield break;
            }

            string token =
                known < pieces.Texts.Length
                    ? pieces.Texts[known]
                    : throw keys.Bad(
                        "tokenizer.ggml.tokens",
                        $"has {pieces.Texts.Length} tokens, the special token {known} is none of them"
                    );
            special[token] = new JsonObject
            {
                ["id"] = token,
                ["ids"] = new JsonArray(known),
                ["tokens"] = new JsonArray(token),
            };
            yield return new JsonObject
            {
                ["SpecialToken"] = new JsonObject { ["id"] = token, ["type_id"] = type },
            };
        }
    }
}
