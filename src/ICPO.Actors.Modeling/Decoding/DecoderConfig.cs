namespace ICPO.Actors.Modeling;

/// <summary>
/// The shape of a decoder-only transformer in the Qwen3 form: RMSNorm, rotary positions without scaling, grouped-query
/// attention with normalised queries and keys, SwiGLU. Property names are those of Hugging Face's config.json.
/// </summary>
public sealed record DecoderConfig
{
    public required int VocabSize { get; init; }

    public required int HiddenSize { get; init; }

    public required int IntermediateSize { get; init; }

    public required int NumHiddenLayers { get; init; }

    public required int NumAttentionHeads { get; init; }

    public required int NumKeyValueHeads { get; init; }

    /// <summary>Width of one attention head; even, and not always hidden size / heads.</summary>
    public required int HeadDim { get; init; }

    /// <summary>Longest context the model was made for, in tokens.</summary>
    public required int MaxPositionEmbeddings { get; init; }

    public double RopeTheta { get; init; } = 10_000;

    public double RmsNormEps { get; init; } = 1e-6;

    /// <summary>Whether the output layer is the embedding matrix.</summary>
    public bool TieWordEmbeddings { get; init; }

    /// <summary>Whether the four attention projections have a bias.</summary>
    public bool AttentionBias { get; init; }

    /// <summary>Standard deviation of fresh weights.</summary>
    public double InitializerRange { get; init; } = 0.02;
}
