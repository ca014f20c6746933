using System.Text.Json;
using System.Text.Json.Nodes;
using ICPO.Actors.Modeling.Checkpoints.Safetensors;
using ICPO.Actors.Modeling.Transformer;
using ICPO.DataFiles.Json;
using ICPO.Tokenizers;
using static TorchSharp.torch;

namespace ICPO.Actors.Modeling.Checkpoints.HuggingFace;

/// <summary>
/// config.json of a Qwen3ForCausalLM, Qwen2ForCausalLM or LlamaForCausalLM, as transformers 5 writes it (rope_parameters,
/// dtype) and as transformers 4 did (rope_theta, rope_scaling, torch_dtype). Whatever would change the computation and is
/// not known is refused.
/// </summary>
internal static class HuggingFaceConfig
{
    private const int QwenKeyValueHeads = 32; // of a Qwen config that does not say

    private static readonly (string ModelType, string Class, DecoderArchitecture Architecture)[] Known =
    [
        ("qwen3", "Qwen3ForCausalLM", DecoderArchitecture.Qwen3),
        ("qwen2", "Qwen2ForCausalLM", DecoderArchitecture.Qwen2),
        ("llama", "LlamaForCausalLM", DecoderArchitecture.Llama),
    ];

    /// <exception cref="InvalidDataException">Names the file, the key and what is wrong.</exception>
    public static (DecoderConfig Config, SpecialTokens Special, ScalarType Dtype) Read(string path)
    {
        using var json = JsonFile.Open(path);
        JsonKeys keys = json.Keys;
        DecoderArchitecture architecture = Architecture(keys);
        keys.Expect("hidden_act", "silu");
        RefuseSlidingWindow(keys, architecture);
        if (keys.Find("quantization_config") is not null)
        {
            throw keys.Bad("quantization_config", "is not supported; save the model in float32, bfloat16 or float16");
        }

        (double theta, RopeScaling? scaling) = RopeConfig.Read(keys);
        (int hidden, int heads) = (keys.Count("hidden_size"), keys.Count("num_attention_heads"));
        var config = new DecoderConfig
        {
            Architecture = architecture,
            VocabSize = keys.Count("vocab_size"),
            HiddenSize = hidden,
            IntermediateSize = keys.Count("intermediate_size"),
            NumHiddenLayers = keys.Count("num_hidden_layers"),
            NumAttentionHeads = heads,
            NumKeyValueHeads = keys.Count(
                "num_key_value_heads",
                architecture == DecoderArchitecture.Llama || keys.IsNull("num_key_value_heads") ? heads : QwenKeyValueHeads
            ),
            HeadDim = keys.Count("head_dim", architecture == DecoderArchitecture.Qwen3 ? 128 : Math.Max(1, hidden / heads)),
            MaxPositionEmbeddings = keys.Count("max_position_embeddings", architecture == DecoderArchitecture.Llama ? 2048 : 32768),
            RopeTheta = theta,
            RopeScaling = scaling,
            RmsNormEps = keys.Number("rms_norm_eps") ?? 1e-6,
            TieWordEmbeddings = keys.Flag("tie_word_embeddings") ?? false,
            AttentionBias = architecture != DecoderArchitecture.Qwen2 && (keys.Flag("attention_bias") ?? false),
            MlpBias = architecture == DecoderArchitecture.Llama && (keys.Flag("mlp_bias") ?? false),
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

        string dtype = keys.Text("dtype") ?? keys.Text("torch_dtype") ?? "float32";
        return (
            config,
            Special(keys),
            TensorDtype.FromConfig(dtype) ?? throw keys.Bad("dtype", $"'{dtype}' is none of float64, float32, bfloat16, float16")
        );
    }

    private static DecoderArchitecture Architecture(JsonKeys keys)
    {
        string? type = keys.Text("model_type");
        if (Known.FirstOrDefault(k => k.ModelType == type) is not { Class: { } name } known)
        {
            throw keys.Bad(
                "model_type",
                $"'{type}' is not supported, only {string.Join(", ", Known.Select(k => $"'{k.ModelType}' ({k.Class})"))} are"
            );
        }

        List<string> classes = keys.Find("architectures") is { ValueKind: JsonValueKind.Array } list
            ? list.EnumerateArray().Select(v => v.ToString()).ToList()
            : [];
        return classes.Count == 0 || classes.Contains(name)
            ? known.Architecture
            : throw keys.Bad("architectures", $"'{string.Join(", ", classes)}' is not supported, only '{name}' is for model_type '{type}'");
    }

    /// <summary>Qwen's window is off unless use_sliding_window says otherwise; a Llama config that names one means it.</summary>
    private static void RefuseSlidingWindow(JsonKeys keys, DecoderArchitecture architecture)
    {
        const string Mend = "sliding-window attention is not supported, only full attention is";
        if (keys.Flag("use_sliding_window") is true)
        {
            throw keys.Bad("use_sliding_window", $"is true: {Mend}");
        }

        if (
            keys.Find("layer_types") is { ValueKind: JsonValueKind.Array } layers
            && layers.EnumerateArray().Select(v => v.ToString()).FirstOrDefault(v => v != "full_attention") is { } other
        )
        {
            throw keys.Bad("layer_types", $"has '{other}': {Mend}");
        }

        if (
            architecture == DecoderArchitecture.Llama
            && keys.Flag("use_sliding_window") is null
            && keys.Number("sliding_window") is { } window
        )
        {
            throw keys.Bad("sliding_window", $"is {window}: {Mend}");
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
        (string? type, string? name, DecoderArchitecture _) = Known.First(k => k.Architecture == config.Architecture);
        var json = new JsonObject
        {
            ["architectures"] = new JsonArray(name),
            ["attention_dropout"] = JsonFile.Decimal(0),
            ["bos_token_id"] = special.Bos,
            ["eos_token_id"] = Ids(special.Eos),
            ["head_dim"] = config.HeadDim,
            ["hidden_act"] = "silu",
            ["hidden_size"] = config.HiddenSize,
            ["initializer_range"] = JsonFile.Decimal(config.InitializerRange),
            ["intermediate_size"] = config.IntermediateSize,
            ["max_position_embeddings"] = config.MaxPositionEmbeddings,
            ["model_type"] = type,
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
        if (config.Architecture != DecoderArchitecture.Qwen2)
        {
            json["attention_bias"] = config.AttentionBias;
        }

        if (config.Architecture == DecoderArchitecture.Llama)
        {
            json["mlp_bias"] = config.MlpBias;
        }
        else
        {
            (json["sliding_window"], json["use_sliding_window"]) = (null, false);
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
