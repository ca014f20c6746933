using System.Collections.Immutable;

namespace ICPO.Actors.Configuration.Settings;

/// <summary>The inference servers that sample rollouts.</summary>
public sealed record InferenceServerSettings
{
    /// <summary>The value of <c>engine.kind</c> that uses them.</summary>
    public const string Kind = "openai";

    public required InferenceProtocol Protocol { get; init; }

    /// <summary>Base URLs; each is an engine.</summary>
    public required ImmutableArray<Uri> Servers { get; init; }

    /// <summary>The model's name in requests; empty takes the first one that the server lists.</summary>
    public required string Model { get; init; }

    /// <summary>The environment variable that contains the bearer token; empty sends none.</summary>
    public required string KeyVariable { get; init; }

    /// <summary>Deadline of a request, and of loading weights.</summary>
    public required TimeSpan Timeout { get; init; }

    public required ServerWeights Weights { get; init; }

    /// <summary>The directory through which servers get weights.</summary>
    public required string WeightsDirectory { get; init; }

    /// <summary>
    /// Maximum mean difference between a server's log-probabilities and those of the same weights in this process, in nats per token.
    /// </summary>
    public required double MaxMismatch { get; init; }
}

/// <summary>The interface of an inference server.</summary>
public enum InferenceProtocol
{
    /// <summary>vLLM.</summary>
    Vllm,

    /// <summary>SGLang.</summary>
    Sglang,

    /// <summary>llama.cpp's server.</summary>
    LlamaServer,
}

/// <summary>How servers get new weights.</summary>
public enum ServerWeights
{
    /// <summary>Not at all: all rollouts are sampled with the base weights.</summary>
    None,

    /// <summary>From a directory that this process writes and the servers read.</summary>
    Disk,
}
