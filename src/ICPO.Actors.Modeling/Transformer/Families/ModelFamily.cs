namespace ICPO.Actors.Modeling.Transformer.Families;

/// <summary>Which attention projections have a bias.</summary>
public enum AttentionBiasRule
{
    /// <summary>None.</summary>
    Never,

    /// <summary>All four or none, by config.json's <c>attention_bias</c>.</summary>
    Configured,

    /// <summary>Queries, keys and values always, the output never.</summary>
    QueryKeyValue,
}

/// <summary>What config.json's <c>sliding_window</c> means. Attention is always full; a window is never computed.</summary>
public enum SlidingWindowRule
{
    /// <summary>A window is refused.</summary>
    Refused,

    /// <summary>A window is ignored unless <c>use_sliding_window</c> is true; then it is refused.</summary>
    Switched,

    /// <summary>The context is limited to the window, inside which windowed and full attention are the same.</summary>
    LimitsContext,
}

/// <summary>
/// What distinguishes one family of decoders from another. All have RMSNorm, rotary positions, grouped-query attention and SwiGLU
/// (<c>hidden_act</c> silu). Config readers, both forward passes, checkpoint files and memory formulas read this record; a new family
/// of this kind is one file here and one line in <see cref="ModelFamilies"/>.
/// </summary>
public sealed record ModelFamily
{
    public required string Name { get; init; }

    /// <summary><c>model_type</c> of config.json.</summary>
    public required string ModelType { get; init; }

    /// <summary>Class in <c>architectures</c> of config.json.</summary>
    public required string ArchitectureClass { get; init; }

    /// <summary><c>general.architecture</c> of GGUF files; null if GGUF files are not supported.</summary>
    public string? GgufArchitecture { get; init; }

    /// <summary>True if GGUF files store the query and key rows of a head in pairs (i, i + head_dim/2).</summary>
    public bool HasPairedGgufRows { get; init; }

    /// <summary>True if queries and keys are normalized head by head.</summary>
    public bool HasQueryKeyNorm { get; init; }

    public AttentionBiasRule AttentionBias { get; init; } = AttentionBiasRule.Configured;

    /// <summary>True if config.json has <c>mlp_bias</c>.</summary>
    public bool HasMlpBiasKey { get; init; }

    public SlidingWindowRule SlidingWindow { get; init; } = SlidingWindowRule.Refused;

    /// <summary>True if <c>partial_rotary_factor</c> can leave a part of each head unrotated.</summary>
    public bool HasPartialRotary { get; init; }

    /// <summary>True if checkpoints fuse q, k and v in <c>qkv_proj</c> and gate and up in <c>gate_up_proj</c>.</summary>
    public bool HasFusedProjections { get; init; }

    /// <summary><c>num_key_value_heads</c> where config.json omits it; null is the number of query heads.</summary>
    public int? DefaultKeyValueHeads { get; init; }

    /// <summary><c>head_dim</c> where config.json omits it; null is hidden size / heads.</summary>
    public int? DefaultHeadDim { get; init; }

    /// <summary><c>max_position_embeddings</c> where config.json omits it.</summary>
    public int DefaultMaxPositions { get; init; } = 32768;

    /// <summary><c>rms_norm_eps</c> where config.json omits it.</summary>
    public double DefaultRmsNormEps { get; init; } = 1e-6;
}
