using System.Collections.Immutable;
using ICPO.Actors.Contracts.Dispatching;
using ICPO.Actors.Contracts.Identity;
using ICPO.Actors.Contracts.Policies;

namespace ICPO.Actors.Contracts.Nodes;

/// <summary>The roles of a node in a run.</summary>
public enum NodeRole
{
    /// <summary>Samples policy rollouts.</summary>
    Rollout = 0,

    /// <summary>Samples expert rollouts.</summary>
    Expert = 1,

    /// <summary>Judges responses.</summary>
    Verifier = 2,
}

/// <summary>A node offers itself to a run; answered with <see cref="Welcome"/> or <see cref="Refused"/>, and repeated until then.</summary>
public sealed record JoinRun
{
    /// <summary>The node's display name.</summary>
    public required string Node { get; init; }

    public required ImmutableArray<NodeRole> Roles { get; init; }

    /// <summary>Its device, e.g. <c>cpu</c>.</summary>
    public required string Device { get; init; }

    /// <summary>Sequences that its engines run at once.</summary>
    public required int Slots { get; init; }

    /// <summary>Maximum tokens of prompt and response of its engines; 0 if it is the model's limit.</summary>
    public int Context { get; init; }

    /// <summary>The weights of its engines.</summary>
    public PolicyVersion Version { get; init; }

    /// <summary>Leases that it still has from an earlier epoch of the core.</summary>
    public ImmutableArray<LeaseId> Leases { get; init; } = [];

    /// <summary>Rollouts that it has sampled and that are not acknowledged.</summary>
    public ImmutableArray<RolloutId> Rollouts { get; init; } = [];
}

/// <summary>The node belongs to the run; its workers may request work of this epoch.</summary>
/// <param name="Epoch">The core's epoch, which every message of the node names.</param>
/// <param name="Run">The run's id; empty if its journal holds this run alone.</param>
/// <param name="Weights">The newest published weights; null before the first.</param>
public sealed record Welcome(LearnerEpoch Epoch, string Run, PolicySnapshot? Weights)
{
    /// <summary>Base address of the core's files; empty if the core is in the node's process.</summary>
    public string Files { get; init; } = "";
}
