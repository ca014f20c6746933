using Akka.Actor;
using Akka.Event;
using ICPO.Actors.Contracts.Nodes;
using ICPO.Actors.Contracts.Policies;
using ICPO.Actors.Leasing;
using ICPO.Actors.RunEvents;

namespace ICPO.Actors.Rollouts;

/// <summary>
/// Owns one generation engine: swaps its weights when new ones are published (only the newest, if several arrive during a swap) and
/// is the parent of the worker that samples on it.
/// </summary>
public sealed class EngineActor : ReceiveActor
{
    private readonly IGenerationEngine _engine;
    private readonly Func<IActorContext, IReadOnlyList<IActorRef>> _workers;
    private readonly CancellationTokenSource _stopped = new();
    private readonly ILoggingAdapter _log = Context.GetLogger();
    private IReadOnlyList<IActorRef> _children = [];
    private PolicySnapshot? _waiting;
    private bool _swapping;
    private int _slots;
    private string? _note;

    private sealed record Swapped(PolicySnapshot Snapshot, Exception? Error) : INoSerializationVerificationNeeded;

    public EngineActor(IGenerationEngine engine, Func<IActorContext, IReadOnlyList<IActorRef>> workers)
    {
        (_engine, _workers, _slots) = (engine, workers, engine.Slots);
        Receive<PolicyPublished>(published =>
        {
            // The core announces the newest weights again until the engine has loaded them.
            if (published.Snapshot.Version > _engine.Version && (_waiting is null || published.Snapshot.Version > _waiting.Version))
            {
                _waiting = published.Snapshot;
            }

            Swap();
        });
        Receive<Swapped>(swapped =>
        {
            _swapping = false;
            if (swapped.Error is not null && !File.Exists(swapped.Snapshot.Path))
            {
                _log.Warning(
                    "Weights {0} were deleted before the engine loaded them; it waits for the next version",
                    swapped.Snapshot.Version
                );
                Swap();
                return;
            }

            if (swapped.Error is not null)
            {
                throw new InvalidOperationException(
                    $"The engine could not load weights {swapped.Snapshot.Version}: {swapped.Error.Message}",
                    swapped.Error
                );
            }

            _log.Debug("Engine holds {0}", swapped.Snapshot.Version);
            ReportFewerSlots();
            ReportNote();
            Broadcast(new WeightsSwapped(swapped.Snapshot.Version));
            Swap();
        });
        Receive<NodeJoined>(Broadcast);
        Receive<DrainWorker>(Broadcast);
        Receive<WorkerDrained>(drained => Context.Parent.Tell(drained));
        Receive<Refused>(refused => Context.Parent.Tell(refused));
    }

    protected override void PreStart() => _children = _workers(Context);

    protected override SupervisorStrategy SupervisorStrategy() => new OneForOneStrategy(_ => Directive.Escalate);

    protected override void PostStop()
    {
        _stopped.Cancel();
        _stopped.Dispose();
    }

    private void ReportNote()
    {
        if (_engine.Note is { } note && note != _note)
        {
            _note = note;
            _log.Warning("{0}", note);
            Context.Parent.Tell(new RunNote(note));
        }
    }

    private void ReportFewerSlots()
    {
        if (_engine.Slots >= _slots)
        {
            return;
        }

        var note = new RunNote(
            $"{Self.Path.Name} ran out of memory: it continues with {_engine.Slots} sequences at once instead of {_slots}"
        );
        _log.Warning("{0}", note.Text);
        Context.Parent.Tell(note);
        _slots = _engine.Slots;
    }

    private void Swap()
    {
        if (_swapping || _waiting is not { } snapshot)
        {
            return;
        }

        (_swapping, _waiting) = (true, null);
        if (snapshot.Version <= _engine.Version)
        {
            Self.Tell(new Swapped(snapshot, null));
            return;
        }

        _ = SwapAsync(snapshot, _stopped.Token).PipeTo(Self);
    }

    private async Task<Swapped> SwapAsync(PolicySnapshot snapshot, CancellationToken cancellationToken)
    {
        try
        {
            await _engine.SwapAsync(snapshot, cancellationToken).ConfigureAwait(false);
            return new Swapped(snapshot, null);
        }
        catch (Exception error)
        {
            return new Swapped(snapshot, error);
        }
    }

    private void Broadcast(object message)
    {
        foreach (IActorRef child in _children)
        {
            child.Tell(message);
        }
    }

    public static Props Props(IGenerationEngine engine, Func<IActorContext, IReadOnlyList<IActorRef>> workers) =>
        Akka.Actor.Props.Create(() => new EngineActor(engine, workers));
}
