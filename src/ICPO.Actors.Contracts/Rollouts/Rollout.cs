using System.Collections.Immutable;
using ICPO.Actors.Contracts.Identity;

namespace ICPO.Actors.Contracts.Rollouts;

/// <summary>
/// One sampled response with all that is needed to know which policy made it: per token its log-probability under the
/// behaviour policy μ (real context, real sampler) and the weight version.
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

    /// <summary>The seed of this rollout's own random stream.</summary>
    public required ulong Seed { get; init; }

    /// <summary>The response as text.</summary>
    public required string Text { get; init; }

    /// <summary>Which demonstrations stood before the question; empty for policy rollouts.</summary>
    public ImmutableArray<string> Demonstrations { get; init; } = [];

    /// <summary>Length of the prompt that was really used (with demonstrations), in tokens.</summary>
    public int PromptLength { get; init; }

    public Origin Origin => Id.Origin;

    /// <summary>The version that sampled the first token (the oldest weights in it).</summary>
    public PolicyVersion OldestVersion => new(Versions.IsDefaultOrEmpty ? 0 : Versions[0]);
}
