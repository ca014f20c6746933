using Akka.Actor;
using ICPO.Actors.Contracts.Identity;
using ICPO.Actors.Contracts.Nodes;
using ICPO.Actors.Contracts.Policies;

namespace ICPO.Actors.Nodes;

/// <summary>What the core offers to nodes of other processes. Called on an actor's thread; must not block.</summary>
public interface ICoreEndpoint
{
    /// <summary>The core has started: nodes are passed on to its gateway.</summary>
    void Attach(IActorRef gateway);

    /// <summary>What a node needs in order to compute for the run.</summary>
    RunDescription Describe(LearnerEpoch epoch);

    /// <summary>New weights, which nodes will ask for.</summary>
    void Publish(PolicySnapshot weights);
}
