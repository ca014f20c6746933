namespace ICPO.Actors.Modeling.Transformer;

/// <summary>
/// The shape of a decoder-only transformer with RMSNorm, rotary positions, grouped-query attention and SwiGLU.
/// Property names are those of Hugging Face's config.json.
/// </summary>
public sealed record DecoderConfig
{
    public DecoderArchitecture Architecture { get; init; } = DecoderArchitecture.Qwen3;

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

    /// <summary>null: positions as they are.</summary>
    public RopeScaling? RopeScaling { get; init; }

    public double RmsNormEps { get; init; } = 1e-6;

    /// <summary>Whether the output layer is the embedding matrix.</summary>
    public bool TieWordEmbeddings { get; init; }

    /// <summary>Whether the four attention projections have a bias; means nothing to Qwen2.</summary>
    public bool AttentionBias { get; init; }

    /// <summary>Whether the three feed-forward projections have a bias.</summary>
    public bool MlpBias { get; init; }

    /// <summary>Standard deviation of fresh weights.</summary>
    public double InitializerRange { get; init; } = 0.02;

    internal bool HasQueryKeyNorm => Architecture == DecoderArchitecture.Qwen3;

    internal bool HasQkvBias => AttentionBias || Architecture == DecoderArchitecture.Qwen2;

    internal bool HasOutputBias => AttentionBias && Architecture != DecoderArchitecture.Qwen2;

    /// <summary>Number of parameters, P.</summary>
    public long ParameterCount
    {
        get
        {
            long hidden = HiddenSize,
                query = (long)NumAttentionHeads * HeadDim,
                pair = 2L * NumKeyValueHeads * HeadDim;
            long matrices = (hidden * ((2 * query) + pair)) + (3 * hidden * IntermediateSize);
            long vectors =
                (2 * hidden)
                + (HasQueryKeyNorm ? 2 * HeadDim : 0)
                + (HasQkvBias ? query + pair : 0)
                + (HasOutputBias ? hidden : 0)
                + (MlpBias ? (2L * IntermediateSize) + hidden : 0);
            return (NumHiddenLayers * (matrices + vectors)) + hidden + ((TieWordEmbeddings ? 1 : 2) * VocabSize * hidden);
        }
    }
}
