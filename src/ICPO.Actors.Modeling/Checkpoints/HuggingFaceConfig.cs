using System.Text.Json.Nodes;
using static TorchSharp.torch;

namespace ICPO.Actors.Modeling;

/// <summary>Tokens with a meaning of their own.</summary>
/// <param name="Bos">Begins a text; null if there is none.</param>
/// <param name="Eos">Any of these ends a response.</param>
/// <param name="Pad">Fills batches; null if there is none.</param>
public sealed record SpecialTokens(int? Bos, IReadOnlyList<int> Eos, int? Pad);

/// <summary>
/// config.json of a Qwen3ForCausalLM, as transformers 5 writes it (rope_parameters, dtype) and as transformers 4 did
/// (rope_theta, rope_scaling, torch_dtype). Whatever would change the computation and is not known is refused.
/// </summary>
internal static class HuggingFaceConfig
{
    private const string ModelType = "qwen3";

    /// <exception cref="InvalidDataException">Names the file, the key and what is wrong.</exception>
    public static (DecoderConfig Config, SpecialTokens Special, ScalarType Dtype) Read(string path)
    {
        using var json = JsonFile.Open(path);
        var keys = json.Keys;
        if (keys.Text("model_type") is not ModelType)
        {
            throw keys.Bad("model_type", $"'{keys.Text("model_type")}' is not supported, only '{ModelType}' (Qwen3ForCausalLM) is");
        }

        keys.Expect("hidden_act", "silu");
        keys.Expect("use_sliding_window", false);
        var rope = keys.Object("rope_parameters") ?? keys.Object("rope_scaling");
        foreach (var name in new[] { "rope_type", "type" })
        {
            rope?.Expect(name, "default");
        }

        var (hidden, heads) = (keys.Count("hidden_size"), keys.Count("num_attention_heads"));
        var config = new DecoderConfig
        {
            VocabSize = keys.Count("vocab_size"),
            HiddenSize = hidden,
            IntermediateSize = keys.Count("intermediate_size"),
            NumHiddenLayers = keys.Count("num_hidden_layers"),
            NumAttentionHeads = heads,
            NumKeyValueHeads = keys.Count("num_key_value_heads", heads),
            HeadDim = keys.Count("head_dim", 128),
            MaxPositionEmbeddings = keys.Count("max_position_embeddings", 32768),
            RopeTheta = rope?.Number("rope_theta") ?? keys.Number("rope_theta") ?? 10_000,
            RmsNormEps = keys.Number("rms_norm_eps") ?? 1e-6,
            TieWordEmbeddings = keys.Flag("tie_word_embeddings") ?? false,
            AttentionBias = keys.Flag("attention_bias") ?? false,
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

        var dtype = keys.Text("dtype") ?? keys.Text("torch_dtype") ?? "float32";
        return (config, Special(keys), TensorDtype.FromConfig(dtype) ?? throw keys.Bad("dtype", $"'{dtype}' is none of float64, float32, bfloat16, float16"));
    }

    /// <summary>The special tokens of a config.json or generation_config.json.</summary>
    public static SpecialTokens Special(JsonKeys keys)
    {
        var eos = keys.Integers("eos_token_id");
        return new(keys.Integers("bos_token_id") is [var bos, ..] ? bos : null, eos, keys.Integers("pad_token_id") is [var pad, ..] ? pad : null);
    }

    public static JsonObject Write(DecoderConfig config, SpecialTokens special, ScalarType dtype) => new()
    {
        ["architectures"] = new JsonArray("Qwen3ForCausalLM"),
        ["attention_bias"] = config.AttentionBias,
        ["attention_dropout"] = 0.0,
        ["bos_token_id"] = special.Bos,
        ["eos_token_id"] = Ids(special.Eos),
        ["head_dim"] = config.HeadDim,
        ["hidden_act"] = "silu",
        ["hidden_size"] = config.HiddenSize,
        ["initializer_range"] = config.InitializerRange,
        ["intermediate_size"] = config.IntermediateSize,
        ["max_position_embeddings"] = config.MaxPositionEmbeddings,
        ["model_type"] = ModelType,
        ["num_attention_heads"] = config.NumAttentionHeads,
        ["num_hidden_layers"] = config.NumHiddenLayers,
        ["num_key_value_heads"] = config.NumKeyValueHeads,
        ["pad_token_id"] = special.Pad,
        ["rms_norm_eps"] = config.RmsNormEps,
        ["rope_scaling"] = null,
        ["rope_theta"] = config.RopeTheta,
        ["sliding_window"] = null,
        ["tie_word_embeddings"] = config.TieWordEmbeddings,
        ["torch_dtype"] = TensorDtype.Config(dtype),
        ["use_cache"] = true,
        ["use_sliding_window"] = false,
        ["vocab_size"] = config.VocabSize,
    };

    public static JsonObject WriteGeneration(SpecialTokens special) => new()
    {
        ["bos_token_id"] = special.Bos,
        ["eos_token_id"] = Ids(special.Eos),
        ["pad_token_id"] = special.Pad,
        ["do_sample"] = true,
    };

    private static JsonNode? Ids(IReadOnlyList<int> ids) => ids switch
    {
        [] => null,
        [var one] => one,
        _ => new JsonArray([.. ids.Select(id => JsonValue.Create(id))]),
    };
}
