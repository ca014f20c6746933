using System.Collections.Immutable;
using Akka.Actor;
using ICPO.Actors.Contracts.Identity;
using ICPO.Actors.Contracts.Nodes;
using ICPO.Actors.Contracts.Policies;
using ICPO.Actors.Rollouts;
using ICPO.Actors.Verification;

namespace ICPO.Actors.Nodes;

/// <summary>The workers of a node: one per engine, and a verifier.</summary>
public sealed partial class NodeActor
{
    private void StartWorkers(IReadOnlyList<IGenerationEngine> engines)
    {
        _slots = engines.Sum(engine => engine.Slots);
        if (_parts.Roles.Contains(NodeRole.Verifier))
        {
            _verifier = Context.ActorOf(
                VerifierActor.Props(
                    _parts.Verifier,
                    new VerifierNodeSettings($"{_parts.Name}/verifier", _parts.VerifierTimeout, _parts.VerifierParallel)
                    {
                        Beat = _parts.Timings.Beat,
                    },
                    _parts.Time
                ),
                "verifier"
            );
        }

        foreach ((int index, IGenerationEngine engine) in engines.Index())
        {
            string name = $"engine-{index}";
            var runner = new LeaseRunner(engine, _parts.Tokenizer, _parts.Sampler);
            var settings = new RolloutWorkerSettings($"{_parts.Name}/{name}", Origins, _parts.Timings.Beat);
            Props worker = RolloutActor.Props(settings, runner, _parts.Time);
            _engines.Add(Context.ActorOf(EngineActor.Props(engine, context => [context.ActorOf(worker, "rollouts")]), name));
        }
    }

    private JoinRun Request() =>
        new()
        {
            Node = _parts.Name,
            Roles = _parts.Roles,
            Device = _parts.Device,
            Slots = _slots,
        };

    private ImmutableArray<Origin> Origins =>
        [
            .. _parts.Roles.Contains(NodeRole.Rollout) ? [Origin.Policy] : Array.Empty<Origin>(),
            .. _parts.Roles.Contains(NodeRole.Expert) ? [Origin.Expert] : Array.Empty<Origin>(),
        ];

    private void Broadcast(object message)
    {
        foreach (IActorRef engine in _engines)
        {
            engine.Tell(message);
        }
    }
}
