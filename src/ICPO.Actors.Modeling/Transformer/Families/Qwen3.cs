namespace ICPO.Actors.Modeling.Transformer.Families;

/// <summary>Qwen3 (arXiv 2505.09388): normalized queries and keys.</summary>
public static class Qwen3
{
    public static ModelFamily Family { get; } =
        new()
        {
            Name = "Qwen3",
            ModelType = "qwen3",
            ArchitectureClass = "Qwen3ForCausalLM",
            GgufArchitecture = "qwen3",
            HasQueryKeyNorm = true,
            SlidingWindow = SlidingWindowRule.Switched,
            DefaultKeyValueHeads = 32,
            DefaultHeadDim = 128,
        };
}
