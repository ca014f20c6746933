using Akka.Actor;
using ICPO.Actors.Algorithm.ExpertMixing;
using ICPO.Actors.Contracts.Dispatching;
using ICPO.Actors.Contracts.Groups;
using ICPO.Actors.Contracts.Identity;
using ICPO.Actors.Contracts.Rollouts;
using ICPO.Actors.RunEvents;

namespace ICPO.Actors.Rollouts;

/// <summary>
/// Samples expert rollouts: τ ~ π(·|[D;q]), the same policy steered by demonstrations (arXiv 2510.26519 §3.1), or takes the
/// demonstrations' own solutions as traces. A trace is correct by definition and goes to the filter without a verifier.
/// </summary>
public sealed class ExpertRolloutActor : LeaseWorker
{
    private readonly ExpertSource _source;
    private readonly IActorRef _verifier;
    private readonly IActorRef _filter;

    public ExpertRolloutActor(ExpertSource source, LeaseRunner runner, IActorRef dispatcher, IActorRef verifier, IActorRef filter)
        : base(Origin.Expert, runner, dispatcher) => (_source, _verifier, _filter) = (source, verifier, filter);

    protected override Task Run(RolloutLease lease, CancellationToken cancellationToken)
    {
        if (_source == ExpertSource.Trace)
        {
            Rollout trace = Runner.Trace(lease);
            Context.System.EventStream.Publish(RolloutGenerated.From(trace, sampled: false));
            _filter.Tell(new RolloutJudged(lease.Group, new JudgedRollout(trace, Judgment.Correct())));
            return Task.CompletedTask;
        }

        return Runner.RunAsync(lease, rollout => _verifier.Tell(new RolloutCompleted(lease.Group, rollout)), cancellationToken);
    }

    public static Props Props(ExpertSource source, LeaseRunner runner, IActorRef dispatcher, IActorRef verifier, IActorRef filter) =>
        Akka.Actor.Props.Create(() => new ExpertRolloutActor(source, runner, dispatcher, verifier, filter));
}
