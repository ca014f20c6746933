using Akka.Actor;
using ICPO.Actors.Contracts.Identity;
using ICPO.Actors.Contracts.Nodes;
using ICPO.Actors.Contracts.Policies;

namespace ICPO.Actors.Nodes;

/// <summary>What the core offers to nodes of other processes. Called on an actor's thread; must not block.</summary>
public interface ICoreEndpoint
{
    /// <summary>The core has started: nodes are passed on to its gateway, and those of an earlier core are told of it.</summary>
    void Attach(IActorRef gateway, LearnerEpoch epoch);

    /// <summary>True where another process has taken the run over: nodes are not told that it has ended.</summary>
    bool IsReplaced { get; }

    /// <summary>Another process has taken the run over.</summary>
    void Leave();

    /// <summary>Base address of the core's files.</summary>
    string FilesAddress { get; }

    /// <summary>The oldest of the newest checkpoints that standbys hold, which stays restorable; null where there is none.</summary>
    PolicyVersion? OldestHeld { get; }

    /// <summary>What a node needs in order to compute for the run.</summary>
    RunDescription Describe(LearnerEpoch epoch);

    /// <summary>New weights, which nodes will ask for.</summary>
    void Publish(PolicySnapshot weights);
}
