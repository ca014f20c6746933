using ICPO.Actors.Modeling.Transformer.Families;

namespace ICPO.Actors.Modeling.Transformer;

/// <summary>
/// The shape of a decoder-only transformer with RMSNorm, rotary positions, grouped-query attention and SwiGLU.
/// Property names are those of Hugging Face's config.json.
/// </summary>
public sealed record DecoderConfig
{
    public ModelFamily Family { get; init; } = Qwen3.Family;

    public required int VocabSize { get; init; }

    public required int HiddenSize { get; init; }

    public required int IntermediateSize { get; init; }

    public required int NumHiddenLayers { get; init; }

    public required int NumAttentionHeads { get; init; }

    public required int NumKeyValueHeads { get; init; }

    /// <summary>Width of one attention head; even, and not always hidden size / heads.</summary>
    public required int HeadDim { get; init; }

    /// <summary>Longest supported context, in tokens.</summary>
    public required int MaxPositionEmbeddings { get; init; }

    public double RopeTheta { get; init; } = 10_000;

    /// <summary>The part of each head that is rotated, in (0, 1].</summary>
    public double PartialRotaryFactor { get; init; } = 1;

    /// <summary>null: positions are not scaled.</summary>
    public RopeScaling? RopeScaling { get; init; }

    public double RmsNormEps { get; init; } = 1e-6;

    /// <summary>Whether the output layer is the embedding matrix.</summary>
    public bool TieWordEmbeddings { get; init; }

    /// <summary>Whether the four attention projections have a bias; ignored unless the family leaves it to the config.</summary>
    public bool AttentionBias { get; init; }

    /// <summary>Whether the three feed-forward projections have a bias.</summary>
    public bool MlpBias { get; init; }

    /// <summary>Standard deviation of initial weights.</summary>
    public double InitializerRange { get; init; } = 0.02;

    internal bool HasQueryKeyNorm => Family.HasQueryKeyNorm;

    internal bool HasQkvBias => HasOutputBias || Family.AttentionBias is AttentionBiasRule.QueryKeyValue;

    internal bool HasOutputBias => AttentionBias && Family.AttentionBias is AttentionBiasRule.Configured;

    /// <summary>Numbers of each head that are rotated; even.</summary>
    internal int RotaryDim => (int)(HeadDim * PartialRotaryFactor);

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
