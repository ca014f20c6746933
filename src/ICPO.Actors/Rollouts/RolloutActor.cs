using Akka.Actor;
using ICPO.Actors.Contracts.Dispatching;
using ICPO.Actors.Contracts.Identity;

namespace ICPO.Actors.Rollouts;

/// <summary>Samples policy rollouts, τ ~ π(·|q): requests leases from the dispatcher and passes rollouts to the verifier.</summary>
public sealed class RolloutActor : LeaseWorker
{
    public RolloutActor(LeaseRunner runner, IActorRef dispatcher, IActorRef verifier)
        : base(Origin.Policy, runner, dispatcher) => Verifier = verifier;

    private IActorRef Verifier { get; }

    protected override Task Run(RolloutLease lease, CancellationToken cancellationToken) =>
        Runner.RunAsync(lease, rollout => Verifier.Tell(new RolloutCompleted(lease.Group, rollout)), cancellationToken);

    public static Props Props(LeaseRunner runner, IActorRef dispatcher, IActorRef verifier) =>
        Akka.Actor.Props.Create(() => new RolloutActor(runner, dispatcher, verifier));
}
