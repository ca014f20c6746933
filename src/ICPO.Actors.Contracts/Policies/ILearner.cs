using System.Collections.Immutable;
using ICPO.Actors.Contracts.Identity;

namespace ICPO.Actors.Contracts.Policies;

/// <summary>One response as the learner sees it: re-scored under the question alone, regardless of the context it was sampled in.</summary>
public sealed record TrainingSequence
{
    public required RolloutId Id { get; init; }

    /// <summary>Token ids of the prompt holding q alone.</summary>
    public required ImmutableArray<int> Prompt { get; init; }

    /// <summary>Token ids of the prompt under which a teacher scores the response; empty if it has none.</summary>
    public ImmutableArray<int> TeacherPrompt { get; init; } = [];

    /// <summary>Response token ids.</summary>
    public required ImmutableArray<int> Response { get; init; }

    /// <summary>log μ per response token (real context and sampler).</summary>
    public required ImmutableArray<float> BehaviorLogProbs { get; init; }

    /// <summary>Weight version per response token.</summary>
    public required ImmutableArray<long> Versions { get; init; }

    /// <summary>A_i, constant in the loss.</summary>
    public required double Advantage { get; init; }

    /// <summary>True for an expert rollout that trains under the prompt it was sampled from, so as a policy rollout.</summary>
    public bool KeepsContext { get; init; }

    /// <summary>R_i, the reward that the advantage was computed from.</summary>
    public double Reward { get; init; }

    public Origin Origin => Id.Origin;
}

/// <summary>The batch of one update, which turns version <paramref name="From"/> into <c>From.Next()</c>.</summary>
public sealed record TrainingBatch(PolicyVersion From, ImmutableArray<TrainingSequence> Sequences);

/// <summary>The result of an update.</summary>
/// <param name="Version">The version it produced.</param>
/// <param name="WeightsSha256">The SHA-256 of the new weights (every parameter in name order, little-endian), lower-case hex.</param>
/// <param name="TokensTrained">Response tokens that entered the loss.</param>
/// <param name="Metrics">By name, e.g. <c>loss</c>, <c>entropy</c>, <c>gradient-norm</c>, <c>policy/ess</c>.</param>
public sealed record UpdateReport(
    PolicyVersion Version,
    string WeightsSha256,
    long TokensTrained,
    ImmutableSortedDictionary<string, double> Metrics
);

/// <summary>
/// The policy under training: weights, optimizer, schedule. An update is a pure function of this state and the batch, so
/// that the same batches in the same order give the same weights, byte for byte (one thread, one machine).
/// </summary>
public interface ILearner : IAsyncDisposable
{
    PolicyVersion Version { get; }

    /// <summary>
    /// What the bits of an update depend on beside the batch: processor, device, libtorch, threads. Equal texts give equal weights.
    /// Empty if it is not known; an update must then repeat bit for bit.
    /// </summary>
    string Hardware => "";

    /// <summary>Trains on the batch.</summary>
    /// <param name="batch">Of the present version.</param>
    /// <param name="cancellationToken">Ends the update early: a run that ends does not wait for a long one.</param>
    /// <exception cref="NonFiniteLossException">Loss or gradient is not finite; the weights are unchanged.</exception>
    /// <exception cref="OperationCanceledException">The update was ended; the weights are unchanged.</exception>
    Task<UpdateReport> UpdateAsync(TrainingBatch batch, CancellationToken cancellationToken);

    /// <summary>Writes the weights to <c>{directory}/policy-{version}.safetensors</c> (temp + rename).</summary>
    Task<PolicySnapshot> PublishAsync(string directory, LearnerEpoch epoch, CancellationToken cancellationToken);

    /// <summary>Writes a Hugging Face directory plus optimizer state; the directory has its name only when complete and synced.</summary>
    Task SaveAsync(string directory, CancellationToken cancellationToken);

    /// <summary>Restores the state from a directory that <see cref="SaveAsync"/> wrote.</summary>
    /// <exception cref="InvalidDataException">A file is missing, truncated or of another shape; names it.</exception>
    Task RestoreAsync(string directory, CancellationToken cancellationToken);
}

/// <summary>The loss or the gradient of an update is not finite.</summary>
public sealed class NonFiniteLossException(GroupId? group, string message) : Exception(message)
{
    /// <summary>The group whose tokens caused it, if it is known.</summary>
    public GroupId? Group { get; } = group;
}
