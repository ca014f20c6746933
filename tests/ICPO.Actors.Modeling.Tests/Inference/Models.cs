using ICPO.Actors.Modeling.Transformer;
using ICPO.Actors.Modeling.Transformer.Families;
using static TorchSharp.torch;

namespace ICPO.Actors.Modeling.Tests.Inference;

/// <summary>Small decoders with random weights, sharp enough that their distributions differ from uniform.</summary>
internal static class Models
{
    /// <summary>All architectures, tied and untied, biased, ungrouped, and with widths that fill no vector.</summary>
    public static DecoderConfig[] Shapes { get; } =
    [
        new()
        {
            VocabSize = 40,
            HiddenSize = 32,
            IntermediateSize = 48,
            NumHiddenLayers = 2,
            NumAttentionHeads = 4,
            NumKeyValueHeads = 2,
            HeadDim = 16,
            MaxPositionEmbeddings = 400,
            TieWordEmbeddings = true,
            InitializerRange = 0.15,
        },
        new()
        {
            VocabSize = 61,
            HiddenSize = 30,
            IntermediateSize = 37,
            NumHiddenLayers = 3,
            NumAttentionHeads = 3,
            NumKeyValueHeads = 1,
            HeadDim = 10,
            MaxPositionEmbeddings = 400,
            RopeTheta = 1_000_000,
            AttentionBias = true,
            InitializerRange = 0.15,
        },
        new()
        {
            VocabSize = 300,
            HiddenSize = 64,
            IntermediateSize = 96,
            NumHiddenLayers = 1,
            NumAttentionHeads = 2,
            NumKeyValueHeads = 2,
            HeadDim = 64,
            MaxPositionEmbeddings = 400,
            InitializerRange = 0.15,
        },
        new()
        {
            Family = Qwen2.Family,
            VocabSize = 43,
            HiddenSize = 24,
            IntermediateSize = 40,
            NumHiddenLayers = 2,
            NumAttentionHeads = 3,
            NumKeyValueHeads = 1,
            HeadDim = 8,
            MaxPositionEmbeddings = 400,
            TieWordEmbeddings = true,
            InitializerRange = 0.15,
        },
        new()
        {
            Family = Llama.Family,
            VocabSize = 45,
            HiddenSize = 20,
            IntermediateSize = 28,
            NumHiddenLayers = 2,
            NumAttentionHeads = 2,
            NumKeyValueHeads = 1,
            HeadDim = 12,
            MaxPositionEmbeddings = 400,
            AttentionBias = true,
            MlpBias = true,
            RopeScaling = new Llama3RopeScaling(4, 1, 4, 64),
            InitializerRange = 0.15,
        },
        new()
        {
            Family = Phi3.Family,
            VocabSize = 41,
            HiddenSize = 28,
            IntermediateSize = 44,
            NumHiddenLayers = 2,
            NumAttentionHeads = 4,
            NumKeyValueHeads = 2,
            HeadDim = 8,
            MaxPositionEmbeddings = 400,
            PartialRotaryFactor = 0.75,
            InitializerRange = 0.15,
        },
    ];

    public static Decoder Random(DecoderConfig config, ulong seed)
    {
        Decoder decoder = new Decoder(config).Initialize(seed);
        using IDisposable gradients = no_grad();
        using Generator generator = new(seed + 1);
        foreach ((string name, Tensor parameter) in decoder.named_parameters().Where(pair => pair.parameter.dim() == 1))
        {
            using Tensor noise = randn(parameter.shape, generator: generator).mul(0.3);
            parameter.add_(noise);
        }

        return decoder;
    }

    public static Dictionary<string, Tensor> Weights(Decoder decoder) =>
        decoder.named_parameters().ToDictionary(pair => pair.name, pair => (Tensor)pair.parameter);
}
