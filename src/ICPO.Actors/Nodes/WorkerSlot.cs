using Akka.Actor;
using ICPO.Actors.Contracts.Nodes;
using ICPO.Actors.Contracts.Policies;

namespace ICPO.Actors.Nodes;

/// <summary>A worker of a node over all of its starts, with its faults.</summary>
/// <param name="name">The name of its actor.</param>
/// <param name="role">The worker's role.</param>
/// <param name="index">The index of the engine; not used for a verifier.</param>
internal sealed class WorkerSlot(string name, NodeRole role, int index)
{
    public string Name => name;

    public NodeRole Role => role;

    public int Index => index;

    /// <summary>Its actor; <see cref="ActorRefs.Nobody"/> while it is not started.</summary>
    public IActorRef Actor { get; set; } = ActorRefs.Nobody;

    /// <summary>The engine of its actor, which ends before another one is created.</summary>
    public IGenerationEngine? Engine { get; set; }

    /// <summary>True once it has done something in any of its starts.</summary>
    public bool HasWorked { get; private set; }

    /// <summary>Faults since it worked last.</summary>
    public int FaultsInRow { get; private set; }

    /// <summary>Its last fault, until it is started again.</summary>
    public WorkerFault? Fault { get; private set; }

    private long Faults { get; set; }

    public void Works() => (HasWorked, FaultsInRow) = (true, 0);

    public void Started(IActorRef actor) => (Actor, Fault) = (actor, null);

    /// <summary>It has failed: the pause before it is started again doubles with each fault in a row.</summary>
    public WorkerFault Failed(string worker, string reason, ProtocolTimings timings)
    {
        FaultsInRow++;
        Fault = new WorkerFault
        {
            Worker = worker,
            Role = role,
            Epoch = default,
            Number = ++Faults,
            Reason = reason,
            Pause = timings.Pause(FaultsInRow),
        };
        return Fault;
    }
}
