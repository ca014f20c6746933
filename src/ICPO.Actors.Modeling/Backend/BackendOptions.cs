using ICPO.Actors.Modeling.Lora;

namespace ICPO.Actors.Modeling.Backend;

/// <summary>Where a backend computes, and its adapters.</summary>
public sealed record BackendOptions
{
    /// <summary>Where to compute, e.g. <c>cpu</c> or <c>cuda:0</c>.</summary>
    public string Device { get; init; } = "cpu";

    /// <summary>The precision of engines: <c>float32</c>, <c>bfloat16</c>, or <c>auto</c> for the faster of them.</summary>
    public string Dtype { get; init; } = "float32";

    /// <summary>The special tokens around prompts.</summary>
    public SpecialTokenRule SpecialTokens { get; init; }

    /// <summary>A PEFT directory that is merged into the model while it is read; null is none.</summary>
    public string? Adapter { get; init; }

    /// <summary>The adapter that is trained instead of the weights; null trains all weights.</summary>
    public LoraSettings? Lora { get; init; }

    /// <summary>Seed of the trained adapter's initial values.</summary>
    public ulong LoraSeed { get; init; }
}
