namespace ICPO.Actors.Modeling.Lora;

/// <summary>
/// Which linear layers are adapted and how (Hu et al. 2021): y = x·Wᵀ + s·(x·Aᵀ)·Bᵀ with A [r, in] and B [out, r]. Names and meaning are
/// those of PEFT's adapter_config.json.
/// </summary>
public sealed record LoraSettings
{
    /// <summary>Denotes every linear layer except the output layer.</summary>
    public const string AllLinear = "all-linear";

    /// <summary>The rank r of the adapter.</summary>
    public required int Rank { get; init; }

    /// <summary>The scale s is alpha / r.</summary>
    public double Alpha { get; init; } = 16;

    /// <summary>Layers by the end of their names (<c>q_proj</c>, <c>mlp.up_proj</c>), or <see cref="AllLinear"/> alone.</summary>
    public IReadOnlyList<string> Targets { get; init; } = [AllLinear];

    /// <summary>Layers by a regular expression for their whole names, instead of <see cref="Targets"/>.</summary>
    public string? TargetPattern { get; init; }

    /// <summary>The scale s is alpha / √r (Kalajdzievski 2023).</summary>
    public bool UseRslora { get; init; }

    /// <summary>Other ranks for some layers: the end of their names, as a regular expression; the first that fits counts.</summary>
    public IReadOnlyList<KeyValuePair<string, int>> RankPattern { get; init; } = [];

    /// <summary>Other alphas for some layers, as <see cref="RankPattern"/>.</summary>
    public IReadOnlyList<KeyValuePair<string, double>> AlphaPattern { get; init; } = [];
}
