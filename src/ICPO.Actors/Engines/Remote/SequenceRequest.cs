using System.Collections.Immutable;
using ICPO.Actors.Contracts.Rollouts;

namespace ICPO.Actors.Engines.Remote;

/// <summary>A request for one sequence.</summary>
/// <param name="Prompt">Token ids.</param>
/// <param name="Seed">The seed of the sequence.</param>
/// <param name="Sampler">Untruncated, with a resolved length.</param>
/// <param name="StopTokens">Tokens that end the response.</param>
/// <param name="Model">The name of the model or its weights; empty for none.</param>
internal sealed record SequenceRequest(
    ImmutableArray<int> Prompt,
    ulong Seed,
    SamplerSettings Sampler,
    ImmutableArray<int> StopTokens,
    string Model
)
{
    /// <summary>Most servers take a seed of 31 bits.</summary>
    public int ShortSeed => (int)(Seed % int.MaxValue);
}

/// <summary>A sequence as a server reports it.</summary>
/// <param name="Tokens">Sampled ids.</param>
/// <param name="LogProbs">Their log-probabilities in nats.</param>
/// <param name="Finish">Why it ended; null for another reason, such as an abort.</param>
internal sealed record ServerSequence(ImmutableArray<int> Tokens, ImmutableArray<float> LogProbs, FinishReason? Finish)
{
    /// <summary>The name of the weights that sampled it; null if the server does not report it.</summary>
    public string? Weights { get; init; }
}
