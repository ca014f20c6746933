namespace ICPO.Actors.Modeling.Transformer.Families;

/// <summary>Qwen2 and Qwen2.5 (arXiv 2407.10671): biases on queries, keys and values.</summary>
public static class Qwen2
{
    public static ModelFamily Family { get; } =
        new()
        {
            Name = "Qwen2",
            ModelType = "qwen2",
            ArchitectureClass = "Qwen2ForCausalLM",
            GgufArchitecture = "qwen2",
            AttentionBias = AttentionBiasRule.QueryKeyValue,
            SlidingWindow = SlidingWindowRule.Switched,
            DefaultKeyValueHeads = 32,
        };
}
