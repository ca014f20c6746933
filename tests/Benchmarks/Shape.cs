using ICPO.Actors.Contracts.Policies;
using ICPO.Actors.Modeling.Transformer;
using static TorchSharp.torch;

namespace ICPO.Actors.Benchmarks;

/// <summary>A model shape and what is asked of it, in tokens per second.</summary>
/// <param name="Decode">Targets by sequences in flight.</param>
/// <param name="Train">Target of training.</param>
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

    /// <summary>Random weights by name, which the caller disposes with the decoder.</summary>
    public static IReadOnlyDictionary<string, Tensor> Weights(Decoder decoder) =>
        decoder.named_parameters().ToDictionary(pair => pair.name, pair => (Tensor)pair.parameter);
}

/// <summary>The engine wants a tokenizer; without stop strings it is never asked.</summary>
internal sealed class NoText(int vocabularySize) : ITokenizer
{
    public int VocabularySize => vocabularySize;

    public int[] Encode(string text) => throw new NotSupportedException();

    public string Decode(ReadOnlySpan<int> tokens) => throw new NotSupportedException();
}
