using System.Collections.Immutable;
using ICPO.Actors.Contracts.Identity;

namespace ICPO.Actors.Contracts.Rollouts;

/// <summary>
/// One sampled response with what identifies the policy that produced it: per token the log-probability under the behavior policy μ
/// (its actual context and sampler) and the weight version.
/// </summary>
public sealed record Rollout
{
    public required RolloutId Id { get; init; }

    /// <summary>Response token ids, stop token included; the prompt is not part of it. Length |τ|.</summary>
    public required ImmutableArray<int> Tokens { get; init; }

    /// <summary>log μ(o_t | context, o_&lt;t) in nats, one per token.</summary>
    public required ImmutableArray<float> LogProbs { get; init; }

    /// <summary>The <see cref="PolicyVersion"/> that sampled each token; a weight swap in flight shows as an increase.</summary>
    public required ImmutableArray<long> Versions { get; init; }

    public required FinishReason Finish { get; init; }

    /// <summary>Seed of this rollout's random stream.</summary>
    public required ulong Seed { get; init; }

    /// <summary>The response as text.</summary>
    public required string Text { get; init; }

    /// <summary>Demonstrations before the question; empty for policy rollouts.</summary>
    public ImmutableArray<string> Demonstrations { get; init; } = [];

    /// <summary>Length of the prompt that was used (with demonstrations), in tokens.</summary>
    public int PromptLength { get; init; }

    /// <summary>Token ids of the prompt that it trains under; empty if that is the question alone, the prompt of its group.</summary>
    public ImmutableArray<int> Context { get; init; } = [];

    public Origin Origin => Id.Origin;

    /// <summary>The version that sampled the first token: the oldest of its weights.</summary>
    public PolicyVersion OldestVersion => new(Versions.IsDefaultOrEmpty ? 0 : Versions[0]);
}
