using System.Text.Json;
using System.Text.Json.Nodes;
using ICPO.Actors.Modeling.Checkpoints.Safetensors;
using ICPO.Actors.Modeling.Transformer;
using ICPO.Actors.Modeling.Transformer.Families;
using ICPO.DataFiles.Json;
using ICPO.Tokenizers;
using static TorchSharp.torch;

namespace ICPO.Actors.Modeling.Checkpoints.HuggingFace;

/// <summary>
/// config.json of the registered families, as transformers 5 writes it (rope_parameters, dtype) and as transformers 4 did
/// (rope_theta, rope_scaling, torch_dtype). Unknown keys that would change the computation are refused.
/// </summary>
internal static class HuggingFaceConfig
{
    /// <exception cref="InvalidDataException">Names the file, the key and what is wrong.</exception>
    public static (DecoderConfig Config, SpecialTokens Special, ScalarType Dtype) Read(string path, ModelFamilies? families = null)
    {
        using var json = JsonFile.Open(path);
        JsonKeys keys = json.Keys;
        ModelFamily family = Family(keys, families ?? ModelFamilies.BuiltIn);
        keys.Expect("hidden_act", "silu");
        RefuseSlidingWindow(keys, family);
        foreach (string key in (string[])["quantization_config", "compression_config"])
        {
            if (keys.Find(key) is not null)
            {
                throw keys.Bad(key, "is not supported; save the model in float32, bfloat16 or float16");
            }
        }

        (double theta, double partial, RopeScaling? scaling) = RopeConfig.Read(keys, family);
        (int hidden, int heads) = (keys.Count("hidden_size"), keys.Count("num_attention_heads"));
        var config = new DecoderConfig
        {
            Family = family,
            VocabSize = keys.Count("vocab_size"),
            HiddenSize = hidden,
            IntermediateSize = keys.Count("intermediate_size"),
            NumHiddenLayers = keys.Count("num_hidden_layers"),
            NumAttentionHeads = heads,
            NumKeyValueHeads = keys.Count(
                "num_key_value_heads",
                keys.IsNull("num_key_value_heads") ? heads : family.DefaultKeyValueHeads ?? heads
            ),
            HeadDim = keys.Count("head_dim", family.DefaultHeadDim ?? Math.Max(1, hidden / heads)),
            MaxPositionEmbeddings = Context(keys, family),
            RopeTheta = theta,
            PartialRotaryFactor = partial,
            RopeScaling = scaling,
            RmsNormEps = keys.Number("rms_norm_eps") ?? family.DefaultRmsNormEps,
            TieWordEmbeddings = keys.Flag("tie_word_embeddings") ?? false,
            AttentionBias = family.AttentionBias is AttentionBiasRule.Configured && (keys.Flag("attention_bias") ?? false),
            MlpBias = family.HasMlpBiasKey && (keys.Flag("mlp_bias") ?? false),
            InitializerRange = keys.Number("initializer_range") ?? 0.02,
        };
        if (config.NumAttentionHeads % config.NumKeyValueHeads != 0)
        {
            throw keys.Bad("num_key_value_heads", $"{config.NumKeyValueHeads} does not divide num_attention_heads = {heads}");
        }

        if (config.HeadDim % 2 != 0)
        {
            throw keys.Bad("head_dim", $"{config.HeadDim} is odd");
        }

        if (config.RotaryDim < 2 || config.RotaryDim % 2 != 0)
        {
            throw keys.Bad(RopeConfig.PartialFactor, $"{partial} of head_dim = {config.HeadDim} is not an even number of at least 2");
        }

        string dtype = keys.Text("dtype") ?? keys.Text("torch_dtype") ?? "float32";
        return (
            config,
            Special(keys),
            TensorDtype.FromConfig(dtype) ?? throw keys.Bad("dtype", $"'{dtype}' is none of float64, float32, bfloat16, float16")
        );
    }

    private static ModelFamily Family(JsonKeys keys, ModelFamilies families)
    {
        string? type = keys.Text("model_type");
        if (families.FindModelType(type) is not { } family)
        {
            throw keys.Bad(
                "model_type",
                $"'{type}' is not supported, only "
                    + $"{string.Join(", ", families.All.Select(f => $"'{f.ModelType}' ({f.ArchitectureClass})"))} are"
            );
        }

        List<string> classes = keys.Find("architectures") is { ValueKind: JsonValueKind.Array } list
            ? list.EnumerateArray().Select(v => v.ToString()).ToList()
            : [];
        string name = family.ArchitectureClass;
        return classes.Count == 0 || classes.Contains(name)
            ? family
            : throw keys.Bad("architectures", $"'{string.Join(", ", classes)}' is not supported, only '{name}' is for model_type '{type}'");
    }

    /// <summary>Longest context: inside a window that limits it, windowed and full attention are the same.</summary>
    private static int Context(JsonKeys keys, ModelFamily family)
    {
        int positions = keys.Count("max_position_embeddings", family.DefaultMaxPositions);
        bool isLimited = family.SlidingWindow is SlidingWindowRule.LimitsContext && !keys.IsNull("sliding_window");
        return isLimited ? Math.Min(positions, keys.Count("sliding_window", positions)) : positions;
    }

    private static void RefuseSlidingWindow(JsonKeys keys, ModelFamily family)
    {
        const string Unsupported = "sliding-window attention is not supported, only full attention is";
        if (keys.Flag("use_sliding_window") is true)
        {
            throw keys.Bad("use_sliding_window", $"is true: {Unsupported}");
        }

        if (
            keys.Find("layer_types") is { ValueKind: JsonValueKind.Array } layers
            && layers.EnumerateArray().Select(v => v.ToString()).FirstOrDefault(v => v != "full_attention") is { } other
        )
        {
            throw keys.Bad("layer_types", $"has '{other}': {Unsupported}");
        }

        if (
            family.SlidingWindow is SlidingWindowRule.Refused
            && keys.Flag("use_sliding_window") is null
            && keys.Number("sliding_window") is { } window
        )
        {
            throw keys.Bad("sliding_window", $"is {window}: {Unsupported}");
        }
    }

    /// <summary>The special tokens of a config.json or generation_config.json.</summary>
    public static SpecialTokens Special(JsonKeys keys)
    {
        int[] eos = keys.Integers("eos_token_id");
        return new(
            keys.Integers("bos_token_id") is [var bos, ..] ? bos : null,
            eos,
            keys.Integers("pad_token_id") is [var pad, ..] ? pad : null
        );
    }

    public static JsonObject Write(DecoderConfig config, SpecialTokens special, ScalarType dtype)
    {
        ModelFamily family = config.Family;
        var json = new JsonObject
        {
            ["architectures"] = new JsonArray(family.ArchitectureClass),
            ["attention_dropout"] = JsonFile.Decimal(0),
            ["bos_token_id"] = special.Bos,
            ["eos_token_id"] = Ids(special.Eos),
            ["head_dim"] = config.HeadDim,
            ["hidden_act"] = "silu",
            ["hidden_size"] = config.HiddenSize,
            ["initializer_range"] = JsonFile.Decimal(config.InitializerRange),
            ["intermediate_size"] = config.IntermediateSize,
            ["max_position_embeddings"] = config.MaxPositionEmbeddings,
            ["model_type"] = family.ModelType,
            ["num_attention_heads"] = config.NumAttentionHeads,
            ["num_hidden_layers"] = config.NumHiddenLayers,
            ["num_key_value_heads"] = config.NumKeyValueHeads,
            ["pad_token_id"] = special.Pad,
            ["rms_norm_eps"] = JsonFile.Decimal(config.RmsNormEps),
            ["rope_scaling"] = RopeConfig.Write(config.RopeScaling),
            ["rope_theta"] = JsonFile.Decimal(config.RopeTheta),
            ["tie_word_embeddings"] = config.TieWordEmbeddings,
            ["torch_dtype"] = TensorDtype.Config(dtype),
            ["use_cache"] = true,
            ["vocab_size"] = config.VocabSize,
        };
        if (family.AttentionBias is AttentionBiasRule.Configured)
        {
            json["attention_bias"] = config.AttentionBias;
        }

        if (family.HasMlpBiasKey)
        {
            json["mlp_bias"] = config.MlpBias;
        }

        if (family.HasPartialRotary)
        {
            json[RopeConfig.PartialFactor] = JsonFile.Decimal(config.PartialRotaryFactor);
        }

        if (family.SlidingWindow is not SlidingWindowRule.Refused)
        {
            json["sliding_window"] = null;
        }

        if (family.SlidingWindow is SlidingWindowRule.Switched)
        {
            json["use_sliding_window"] = false;
        }

        return json;
    }

    public static JsonObject WriteGeneration(SpecialTokens special) =>
        new()
        {
            ["bos_token_id"] = special.Bos,
            ["eos_token_id"] = Ids(special.Eos),
            ["pad_token_id"] = special.Pad,
            ["do_sample"] = true,
        };

    private static JsonNode? Ids(IReadOnlyList<int> ids) =>
        ids switch
        {
            [] => null,
            [var one] => one,
            _ => new JsonArray([.. ids.Select(id => JsonValue.Create(id))]),
        };
}
