using System.Collections.Immutable;
using Akka.Actor;
using Akka.Event;
using ICPO.Actors.Contracts.Identity;
using ICPO.Actors.Contracts.Nodes;
using ICPO.Actors.Contracts.Policies;
using ICPO.Actors.Leasing;
using ICPO.Actors.Rollouts;
using ICPO.Actors.RunEvents;
using ICPO.Actors.Tasks.Processes;
using ICPO.Actors.Verification;

namespace ICPO.Actors.Nodes;

/// <summary>The workers of a node, one per engine and a verifier, and their restart after a fault.</summary>
public sealed partial class NodeActor
{
    private readonly ILoggingAdapter _log = Context.GetLogger();

    private sealed record ChildFailed(IActorRef Child, Exception Error) : INoSerializationVerificationNeeded;

    private sealed record StartAgain(WorkerSlot Slot) : INoSerializationVerificationNeeded;

    private sealed record EngineReady(WorkerSlot Slot, IGenerationEngine Engine) : INoSerializationVerificationNeeded;

    /// <param name="Slot">The slot for which no engine was created.</param>
    /// <param name="Error">The reason.</param>
    /// <param name="Old">The engine that has not ended yet; null if it has.</param>
    private sealed record EngineNotReady(WorkerSlot Slot, Exception Error, IGenerationEngine? Old) : INoSerializationVerificationNeeded;

    protected override SupervisorStrategy SupervisorStrategy()
    {
        IActorRef self = Self;
        return new ReportingStrategy((child, error) => self.Tell(new ChildFailed(child, error)));
    }

    private void ReceiveFromWorkers()
    {
        Receive<WorkerWorks>(works => Slots.FirstOrDefault(slot => NameOf(slot) == works.Worker)?.Works());
        Receive<RunNote>(note =>
        {
            if (_epoch is { } epoch)
            {
                _gateway.Tell(new WorkerNote(epoch, note.Text));
            }
        });
        Receive<ChildFailed>(failed =>
        {
            if (Find(failed.Child) is not { } slot)
            {
                throw new InvalidOperationException(failed.Error.Message, failed.Error);
            }

            Fail(slot, failed.Error);
        });

        // Its name is free again now.
        Receive<Terminated>(gone =>
        {
            if (gone.ActorRef.Equals(_gateway))
            {
                LoseCore();
            }
            else if (_draining.Remove(gone.ActorRef))
            {
                ReportDrained();
            }
            else if (Find(gone.ActorRef) is { } slot)
            {
                slot.Actor = ActorRefs.Nobody;
                Timers.StartSingleTimer(slot, new StartAgain(slot), slot.Fault?.Pause ?? _parts.Timings.FirstPause);
            }
        });
        Receive<StartAgain>(again =>
        {
            if (again.Slot.Role == NodeRole.Verifier)
            {
                (_parts.Verifier as IRestartableVerifier)?.Restart();
                StartVerifier();
            }
            else
            {
                _ = CreateEngineAsync(again.Slot, again.Slot.Engine).PipeTo(Self);
            }
        });
        Receive<EngineReady>(ready => StartEngine(ready.Slot, ready.Engine));
        Receive<EngineNotReady>(failed =>
        {
            failed.Slot.Engine = failed.Old;
            Fail(failed.Slot, failed.Error);
            Timers.StartSingleTimer(failed.Slot, new StartAgain(failed.Slot), failed.Slot.Fault!.Pause);
        });
    }

    /// <summary>Reports a fault. If the worker has never worked and would fail again in the same way, the run ends instead.</summary>
    private void Fail(WorkerSlot slot, Exception error)
    {
        bool isHopeless = slot.Role == NodeRole.Verifier || error is OutOfMemoryException || error.InnerException is OutOfMemoryException;
        if (!slot.HasWorked && isHopeless)
        {
            throw new InvalidOperationException(error.Message, error);
        }

        WorkerFault fault = slot.Failed(NameOf(slot), error.Message, _parts.Timings);
        _log.Error(error, "{0} has failed and is restarted in {1} s: {2}", slot.Name, fault.Pause.TotalSeconds, error.Message);
        if (_epoch is { } epoch)
        {
            _gateway.Tell(fault with { Epoch = epoch });
        }
    }

    private string NameOf(WorkerSlot slot) => $"{_parts.Name}/{slot.Name}";

    private WorkerSlot? Find(IActorRef actor) => Slots.FirstOrDefault(slot => slot.Actor.Equals(actor));

    /// <summary>Ends the engine that has failed, which has the memory, and creates another one.</summary>
    private async Task<object> CreateEngineAsync(WorkerSlot slot, IGenerationEngine? old)
    {
        try
        {
            if (old is not null)
            {
                await _parts.EndEngine(old).ConfigureAwait(false);
                old = null;
            }

            return new EngineReady(slot, await Task.Run(() => _parts.CreateEngine(slot.Index)).ConfigureAwait(false));
        }
        catch (Exception error)
        {
            return new EngineNotReady(slot, error, old);
        }
    }

    private void StartEngine(WorkerSlot slot, IGenerationEngine engine)
    {
        slot.Engine = engine;
        var runner = new LeaseRunner(engine, _parts.Tokenizer, _parts.Sampler);
        var settings = new RolloutWorkerSettings(NameOf(slot), Origins, _parts.Timings.Beat);
        Props worker = RolloutActor.Props(settings, runner, _parts.Time, Self);
        Start(slot, EngineActor.Props(engine, context => [context.ActorOf(worker, "rollouts")]));
    }

    private ImmutableArray<Origin> Origins =>
        [
            .. _parts.Roles.Contains(NodeRole.Rollout) ? [Origin.Policy] : Array.Empty<Origin>(),
            .. _parts.Roles.Contains(NodeRole.Expert) ? [Origin.Expert] : Array.Empty<Origin>(),
        ];

    private void StartVerifier() =>
        Start(
            _verifier,
            VerifierActor.Props(
                _parts.Verifier,
                new VerifierNodeSettings(NameOf(_verifier), _parts.VerifierTimeout, _parts.VerifierParallel) { Beat = _parts.Timings.Beat },
                _parts.Time
            )
        );

    private void Start(WorkerSlot slot, Props props)
    {
        slot.Started(Context.Watch(Context.ActorOf(props, slot.Name)));
        Introduce(slot);
    }
}
