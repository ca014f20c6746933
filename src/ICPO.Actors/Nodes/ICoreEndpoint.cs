using Akka.Actor;
using ICPO.Actors.Contracts.Identity;
using ICPO.Actors.Contracts.Nodes;
using ICPO.Actors.Contracts.Policies;

namespace ICPO.Actors.Nodes;

/// <summary>The core's services for nodes of other processes. Called on an actor's thread; must not block.</summary>
public interface ICoreEndpoint
{
    /// <summary>The core has started: messages of nodes are forwarded to its gateway, and nodes of an earlier core are notified.</summary>
    void Attach(IActorRef gateway, LearnerEpoch epoch);

    /// <summary>True if another process has taken over the run: nodes are not notified that it has ended.</summary>
    bool IsReplaced { get; }

    /// <summary>Another process has taken over the run.</summary>
    void Leave();

    /// <summary>Lets a standby continue the run when this process has stopped it; its nodes wait for that.</summary>
    /// <returns>The name of the standby; null if none is ready, and the run ends.</returns>
    string? HandOver();

    /// <summary>Base address of the core's files.</summary>
    string FilesAddress { get; }

    /// <summary>The oldest of the standbys' newest checkpoints, which is kept; null if there is none.</summary>
    PolicyVersion? OldestHeld { get; }

    /// <summary>The description that a node needs in order to compute for the run.</summary>
    RunDescription Describe(LearnerEpoch epoch);

    /// <summary>New weights, which nodes will fetch.</summary>
    void Publish(PolicySnapshot weights);
}
