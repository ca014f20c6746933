using System.Collections.Immutable;
using Akka.Actor;
using ICPO.Actors.Contracts.Identity;

namespace ICPO.Actors.Nodes;

/// <summary>The core's view of a node of a run.</summary>
public sealed record NodeStatus
{
    public required string Name { get; init; }

    /// <summary>Its roles.</summary>
    public required ImmutableArray<string> Roles { get; init; }

    /// <summary>Its device, e.g. <c>cpu</c>.</summary>
    public required string Device { get; init; }

    /// <summary>Sequences that its engines run at once.</summary>
    public required int Slots { get; init; }

    /// <summary>The oldest weights that one of its engines has loaded, in updates.</summary>
    public required long Version { get; init; }

    /// <summary>Leases that it has.</summary>
    public required int Leases { get; init; }

    /// <summary>Rollouts that it has delivered in this epoch, repetitions included.</summary>
    public required long Rollouts { get; init; }

    /// <summary>Cases that it has judged in this epoch, repetitions included.</summary>
    public required long Cases { get; init; }
}

/// <summary>The nodes of a run have changed, or new weights were published to them.</summary>
/// <param name="Update">The newest published weights.</param>
/// <param name="Nodes">The nodes that take part.</param>
public sealed record NodesReported(PolicyVersion Update, ImmutableArray<NodeStatus> Nodes) : INoSerializationVerificationNeeded;
