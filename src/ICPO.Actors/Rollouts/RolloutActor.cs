using Akka.Actor;
using ICPO.Actors.Contracts.Dispatching;
using ICPO.Actors.Contracts.Identity;

namespace ICPO.Actors.Rollouts;

/// <summary>Makes policy rollouts, τ ~ π(·|q): asks the dispatcher for leases and passes finished rollouts to the verifier.</summary>
public sealed class RolloutActor : LeaseWorker
{
    public RolloutActor(LeaseRunner runner, IActorRef dispatcher, IActorRef verifier)
        : base(Origin.Policy, runner, dispatcher) => Verifier = verifier;

    private IActorRef Verifier { get; }

    public static Props Props(LeaseRunner runner, IActorRef dispatcher, IActorRef verifier) =>
        Akka.Actor.Props.Create(() => new RolloutActor(runner, dispatcher, verifier));

    protected override Task Run(RolloutLease lease, CancellationToken cancellationToken) =>
        Runner.RunAsync(lease, rollout => Verifier.Tell(new RolloutCompleted(lease.Group, rollout)), cancellationToken);
}
