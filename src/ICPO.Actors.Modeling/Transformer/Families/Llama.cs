namespace ICPO.Actors.Modeling.Transformer.Families;

/// <summary>Llama 1 to 3 (arXiv 2407.21783) and models of the same form, such as SmolLM2.</summary>
public static class Llama
{
    public static ModelFamily Family { get; } =
        new()
        {
            Name = "Llama",
            ModelType = "llama",
            ArchitectureClass = "LlamaForCausalLM",
            GgufArchitecture = "llama",
            HasPairedGgufRows = true,
            HasMlpBiasKey = true,
            DefaultMaxPositions = 2048,
        };
}
