using ICPO.Actors.Modeling.Backend;

namespace ICPO.Actors.Inference;

/// <summary>Options for loading a model.</summary>
public sealed record LanguageModelOptions
{
    /// <summary>A PEFT directory whose adapter is added to the weights; null adds none.</summary>
    public string? Adapter { get; init; }

    /// <summary>The device: <c>cpu</c>, <c>cuda</c> or <c>cuda:N</c>.</summary>
    public string Device { get; init; } = "cpu";

    /// <summary>The precision: <c>float32</c>, <c>bfloat16</c>, or <c>auto</c> for the faster of them.</summary>
    public string Dtype { get; init; } = "float32";

    /// <summary>
    /// The special tokens around prompts; null takes those that the run trained with where a run directory is loaded, otherwise the
    /// tokenizer's own.
    /// </summary>
    public SpecialTokenRule? SpecialTokens { get; init; }

    /// <summary>Longest prompt and response together, in tokens; 0 uses the model's limit, up to <see cref="DefaultContext"/>.</summary>
    public int Context { get; init; }

    /// <summary>The longest default context, since memory is reserved for all of it.</summary>
    public const int DefaultContext = 4096;

    /// <summary>Responses that are generated at once; further ones wait.</summary>
    public int Slots { get; init; } = 8;

    /// <summary>Threads of a matrix product. More than one pays off from about 100 million parameters on.</summary>
    public int Threads { get; init; } = 1;
}
