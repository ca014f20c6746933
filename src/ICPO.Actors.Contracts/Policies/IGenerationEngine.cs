using System.Collections.Immutable;
using ICPO.Actors.Contracts.Identity;
using ICPO.Actors.Contracts.Rollouts;

namespace ICPO.Actors.Contracts.Policies;

/// <summary>One prompt and the siblings to sample from it; the prompt is prefilled once for all of them.</summary>
/// <param name="Prompt">Prompt token ids, at least one.</param>
/// <param name="Seeds">One per sibling: each has its own random stream.</param>
/// <param name="Sampler">Sampler settings.</param>
public sealed record GenerationRequest(ImmutableArray<int> Prompt, ImmutableArray<ulong> Seeds, SamplerSettings Sampler)
{
    /// <summary>
    /// How many of the most probable tokens are reported for each position, in addition to the drawn one; 0 for none. Draws do not depend
    /// on it. Requires an untruncated sampler.
    /// </summary>
    public int Alternatives { get; init; }
}

/// <summary>A finished sibling of a request.</summary>
/// <param name="Sibling">Its index in <see cref="GenerationRequest.Seeds"/>.</param>
/// <param name="Tokens">Sampled ids, stop token included.</param>
/// <param name="LogProbs">log μ in nats, one per token.</param>
/// <param name="Versions">Weight version per token.</param>
/// <param name="Finish">Why it ended.</param>
public sealed record GeneratedSequence(
    int Sibling,
    ImmutableArray<int> Tokens,
    ImmutableArray<float> LogProbs,
    ImmutableArray<long> Versions,
    FinishReason Finish
);

/// <summary>
/// Samples from the policy. Requests of many callers share one running batch; results come as they finish.
/// Dispose ends its thread; requests still open end in <see cref="ObjectDisposedException"/>.
/// </summary>
public interface IGenerationEngine : IAsyncDisposable
{
    /// <summary>The version the next token will be sampled with.</summary>
    PolicyVersion Version { get; }

    /// <summary>Sequences that may be in flight at once.</summary>
    int Slots { get; }

    /// <summary>
    /// A counter of the engine's work, in any unit that grows only while it works, e.g. decode steps: a request whose engine does not
    /// advance is given to another one after <c>admission.lease-timeout</c>. An engine that does not count has that time for each sequence.
    /// </summary>
    long Steps => 0;

    /// <summary>A note for the user of the run about the engine's current state, as a sentence; null for none.</summary>
    string? Note => null;

    /// <summary>Samples every sibling; a sequence is yielded once, when it has ended. Order is by completion.</summary>
    /// <exception cref="ArgumentException">The prompt is empty or does not fit the context.</exception>
    IAsyncEnumerable<GeneratedSequence> GenerateAsync(GenerationRequest request, CancellationToken cancellationToken);

    /// <summary>
    /// Takes the weights between two decode steps; sequences stay in flight. Completes when the next token will use them.
    /// </summary>
    /// <exception cref="InvalidDataException">The file does not match its hash or the model's shape; the old weights stay.</exception>
    Task SwapAsync(PolicySnapshot snapshot, CancellationToken cancellationToken);
}
