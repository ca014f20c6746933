namespace ICPO.Actors.Modeling.Transformer.Families;

/// <summary>
/// Phi-3 (arXiv 2404.14219): fused projections in the checkpoint, and optionally a part of each head without rotary positions.
/// Long-context variants (rope type longrope) are refused.
/// </summary>
public static class Phi3
{
    public static ModelFamily Family { get; } =
        new()
        {
            Name = "Phi3",
            ModelType = "phi3",
            ArchitectureClass = "Phi3ForCausalLM",
            AttentionBias = AttentionBiasRule.Never,
            SlidingWindow = SlidingWindowRule.LimitsContext,
            HasPartialRotary = true,
            HasFusedProjections = true,
            DefaultMaxPositions = 4096,
            DefaultRmsNormEps = 1e-5,
        };
}
