using ICPO.Actors.Contracts.Policies;
using ICPO.Actors.Modeling.Transformer;
using static TorchSharp.torch;

namespace ICPO.Actors.Benchmarks;

/// <summary>A model architecture and its targets in tokens per second.</summary>
/// <param name="Name">Its number of parameters.</param>
/// <param name="Config">The architecture.</param>
/// <param name="Decode">Decoding targets by sequences in flight.</param>
/// <param name="Train">Training target.</param>
internal sealed record Shape(string Name, DecoderConfig Config, IReadOnlyDictionary<int, double> Decode, double Train)
{
    public static Shape Small { get; } =
        new(
            "0.8M",
            Sized(vocabulary: 512, hidden: 128, intermediate: 384, layers: 4, heads: 4, keyValueHeads: 2),
            new Dictionary<int, double> { [64] = 12_000 },
            9_000
        );

    public static Shape Medium { get; } =
        new(
            "24.65M",
            Sized(vocabulary: 2048, hidden: 512, intermediate: 1408, layers: 8, heads: 8, keyValueHeads: 4),
            new Dictionary<int, double> { [16] = 600, [64] = 1_000 },
            520
        );

    private static DecoderConfig Sized(int vocabulary, int hidden, int intermediate, int layers, int heads, int keyValueHeads) =>
        new()
        {
            VocabSize = vocabulary,
            HiddenSize = hidden,
            IntermediateSize = intermediate,
            NumHiddenLayers = layers,
            NumAttentionHeads = heads,
            NumKeyValueHeads = keyValueHeads,
            HeadDim = hidden / heads,
            MaxPositionEmbeddings = 1024,
            TieWordEmbeddings = true,
        };

    /// <summary>The weights by name; they belong to the decoder.</summary>
    public static IReadOnlyDictionary<string, Tensor> Weights(Decoder decoder) =>
        decoder.named_parameters().ToDictionary(pair => pair.name, pair => (Tensor)pair.parameter);
}

/// <summary>A tokenizer for engines without stop strings, which never call it.</summary>
internal sealed class NoText(int vocabularySize) : ITokenizer
{
    public int VocabularySize => vocabularySize;

    public int[] Encode(string text) => throw new NotSupportedException();

    public string Decode(ReadOnlySpan<int> tokens) => throw new NotSupportedException();
}
