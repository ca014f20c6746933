using ICPO.Actors.Modeling.Transformer;
using ICPO.Actors.Modeling.Transformer.Families;
using ICPO.Tokenizers;
using static TorchSharp.torch;

namespace ICPO.Actors.Modeling.Checkpoints.Gguf;

/// <summary>
/// The config of the decoder in a GGUF file, from its metadata and from which tensors it has. Unknown keys that would change the
/// computation are refused.
/// </summary>
internal static class GgufConfig
{
    /// <summary>One divisor per inverse frequency, where the file has it.</summary>
    public const string RopeDivisors = "rope_freqs.weight";

    private const string ArchitectureKey = "general.architecture",
        SplitKey = "split.count";

    /// <exception cref="InvalidDataException">Names the file, the key and what is wrong.</exception>
    public static DecoderConfig Read(GgufFile file)
    {
        var keys = new GgufKeys(file);
        if (keys.Index(SplitKey) is > 1 and var parts)
        {
            throw keys.Bad(
                SplitKey,
                $"is {parts}: the file is one of so many parts of a model; merge them (llama-gguf-split --merge) first"
            );
        }

        string name = keys.Text(ArchitectureKey) ?? throw keys.Bad(ArchitectureKey, "is missing");
        ModelFamily family = ModelFamilies.BuiltIn.FindGguf(name) ?? throw keys.Bad(ArchitectureKey, Unsupported(name));
        foreach (string? feature in new[] { $"{name}.expert_count", $"{name}.attention.sliding_window" })
        {
            if (keys.Index(feature) is > 0 and var value)
            {
                throw keys.Bad(feature, $"is {value}, which is not supported");
            }
        }

        (int hidden, int heads) = (keys.Count($"{name}.embedding_length"), keys.Count($"{name}.attention.head_count"));
        int width = keys.Count($"{name}.attention.key_length", Math.Max(1, hidden / heads));
        foreach (string? same in new[] { $"{name}.attention.value_length", $"{name}.rope.dimension_count" })
        {
            if (keys.Count(same, width) is var other && other != width)
            {
                throw keys.Bad(same, $"is {other}, only {width} (the width of a head) is supported");
            }
        }

        double theta = keys.Number($"{name}.rope.freq_base") ?? 10_000;
        var config = new DecoderConfig
        {
            Family = family,
            VocabSize = keys.Count($"{name}.vocab_size", Rows(file, "token_embd.weight")),
            HiddenSize = hidden,
            IntermediateSize = keys.Count($"{name}.feed_forward_length"),
            NumHiddenLayers = keys.Count($"{name}.block_count"),
            NumAttentionHeads = heads,
            NumKeyValueHeads = keys.Count($"{name}.attention.head_count_kv", heads),
            HeadDim = width,
            MaxPositionEmbeddings = keys.Count($"{name}.context_length"),
            RopeTheta = theta,
            RopeScaling = Scaling(file, keys, name, width, theta),
            RmsNormEps = keys.Number($"{name}.attention.layer_norm_rms_epsilon")
                ?? throw keys.Bad($"{name}.attention.layer_norm_rms_epsilon", "is missing"),
            TieWordEmbeddings = file.Find("output.weight") is null,
            AttentionBias = family.AttentionBias is AttentionBiasRule.Configured && file.Find("blk.0.attn_q.bias") is not null,
            MlpBias = file.Find("blk.0.ffn_down.bias") is not null,
        };
        return config.NumAttentionHeads % config.NumKeyValueHeads == 0 && config.HeadDim % 2 == 0
            ? config
            : throw keys.Bad(
                $"{name}.attention",
                $"has {heads} heads for {config.NumKeyValueHeads} key/value heads of width {width}; "
                    + "the first must be a multiple of the second, and the width even"
            );
    }

    private static string Unsupported(string name)
    {
        IEnumerable<string> known = ModelFamilies
            .BuiltIn.All.Where(f => f.GgufArchitecture is not null)
            .Select(f => $"'{f.GgufArchitecture}'");
        return $"'{name}' is not supported, only {string.Join(", ", known)} are";
    }

    public static SpecialTokens Special(GgufFile file)
    {
        var keys = new GgufKeys(file);
        int?[] ends = [keys.Index("tokenizer.ggml.eos_token_id"), keys.Index("tokenizer.ggml.eot_token_id")];
        return new(
            keys.Index("tokenizer.ggml.bos_token_id"),
            [.. ends.OfType<int>().Distinct()],
            keys.Index("tokenizer.ggml.padding_token_id")
        );
    }

    /// <summary>
    /// float16 or bfloat16 where all matrices are stored so and vectors, which the format keeps in float32, lose nothing in it; else
    /// float32: that holds every value exactly.
    /// </summary>
    public static ScalarType Dtype(GgufFile file) =>
        file.Tensors.Where(t => t.Shape.Length > 1).Select(t => t.Type.Name).Distinct().ToList() switch
        {
            ["F16"] when HoldsVectors(file, v => (float)(Half)v) => ScalarType.Float16,
            ["BF16"] when HoldsVectors(file, v => BitConverter.UInt32BitsToSingle(BitConverter.SingleToUInt32Bits(v) & 0xFFFF0000)) =>
                ScalarType.BFloat16,
            _ => ScalarType.Float32,
        };

    private static bool HoldsVectors(GgufFile file, Func<float, float> rounded) =>
        file
            .Tensors.Where(t => t.Shape.Length == 1 && t.Name != RopeDivisors && t.Type.IsReadable)
            .All(t => file.Read(t.Name).All(v => rounded(v).Equals(v)));

    private static int? Rows(GgufFile file, string tensor) =>
        file.Find(tensor) is { Shape: [> 0 and <= int.MaxValue and var rows, _] } ? (int)rows : null;

    private static RopeScaling? Scaling(GgufFile file, GgufKeys keys, string name, int width, double theta)
    {
        (string? key, GgufTensor? listed) = ($"{name}.rope.scaling.type", file.Find(RopeDivisors));
        if (listed is not null && !listed.Shape.SequenceEqual([width / 2]))
        {
            throw new InvalidDataException(
                $"{file.Path}: tensor {RopeDivisors} has the shape [{string.Join(", ", listed.Shape)}] where [{width / 2}] is needed."
            );
        }

        return (keys.Text(key) ?? "none", listed) switch
        {
            ("none", null) => keys.Number($"{name}.rope.scale_linear") is { } factor and not 1 ? new LinearRopeScaling(factor) : null,
            ("linear", null) => new LinearRopeScaling(
                keys.Number($"{name}.rope.scaling.factor") ?? throw keys.Bad($"{name}.rope.scaling.factor", "is missing")
            ),
            ("none", _) when file.Read(RopeDivisors) is var divisors => divisors.All(d => d > 0 && float.IsFinite(d))
                ? GgufRopeDivisors.Rule(divisors, width, theta)
                : throw new InvalidDataException($"{file.Path}: tensor {RopeDivisors} holds numbers that are not positive."),
            (var other, _) => throw keys.Bad(
                key,
                $"'{other}'{(listed is null ? "" : $" together with the tensor {RopeDivisors}")} is not supported, "
                    + "only 'none' and 'linear' are"
            ),
        };
    }
}
