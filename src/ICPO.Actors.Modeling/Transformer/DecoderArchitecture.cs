namespace ICPO.Actors.Modeling.Transformer;

/// <summary>Families of decoders; all have RMSNorm, rotary positions, grouped-query attention and SwiGLU.</summary>
public enum DecoderArchitecture
{
    /// <summary>Queries and keys are normalised head by head.</summary>
    Qwen3,

    /// <summary>Queries, keys and values always have a bias, the attention's output never.</summary>
    Qwen2,

    /// <summary>Neither, unless the config asks for biases.</summary>
    Llama,
}
