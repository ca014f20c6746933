using Akka.Actor;
using ICPO.Actors.Contracts.Dispatching;
using ICPO.Actors.Contracts.Identity;

namespace ICPO.Actors.Rollouts;

/// <summary>
/// A worker that pulls: it asks for as many sequences as its engine has slots, and again whenever some have ended, so the
/// engine is never idle while there is work and never holds more than it can run.
/// </summary>
public abstract class LeaseWorker : ReceiveActor
{
    private readonly ActiveLeases _desk = new();
    private readonly Origin _origin;
    private readonly IActorRef _dispatcher;
    private IActorRef? _stopAsker;

    protected LeaseWorker(Origin origin, LeaseRunner runner, IActorRef dispatcher)
    {
        (_origin, Runner, _dispatcher) = (origin, runner, dispatcher);

        Receive<RolloutLease>(lease =>
        {
            if (_stopAsker is null && _desk.MayStart(lease, Runner.Version))
            {
                Start(lease);
            }
        });
        Receive<WeightsSwapped>(swapped =>
        {
            foreach (RolloutLease lease in _desk.Ready(swapped.Version))
            {
                Start(lease);
            }
        });
        Receive<LeaseEnded>(Ended);
        Receive<StopGenerating>(_ =>
        {
            _stopAsker = Sender;
            _desk.CancelAll();
            Quiet();
        });
    }

    protected LeaseRunner Runner { get; }

    /// <summary>Makes the lease's rollouts and sends each on; throws where it cannot.</summary>
    protected abstract Task Run(RolloutLease lease, CancellationToken cancellationToken);

    protected override void PreStart() => _dispatcher.Tell(new RequestWork(_origin, Runner.Slots));

    protected override void PostStop() => _desk.CancelAll();

    private void Start(RolloutLease lease)
    {
        CancellationToken token = _desk.Begin(lease.Id);
        _ = GuardedAsync(lease, token).PipeTo(Self);
    }

    private async Task<LeaseEnded> GuardedAsync(RolloutLease lease, CancellationToken token)
    {
        try
        {
            await Run(lease, token).ConfigureAwait(false);
            return new LeaseEnded(lease, null);
        }
        catch (Exception error)
        {
            return new LeaseEnded(lease, error);
        }
    }

    private void Ended(LeaseEnded ended)
    {
        _desk.End(ended.Lease.Id);
        if (_stopAsker is not null)
        {
            Quiet();
            return;
        }

        if (ended.Error is OutOfMemoryException)
        {
            // The engine has tried to do with less already.
            throw new InvalidOperationException(ended.Error.Message, ended.Error);
        }

        if (ended.Error is ObjectDisposedException)
        {
            throw new InvalidOperationException("The generation engine has ended.", ended.Error);
        }

        _dispatcher.Tell(ended.Error is null ? new LeaseDone(ended.Lease.Id) : new LeaseFailed(ended.Lease.Id, ended.Error.Message));
        _dispatcher.Tell(new RequestWork(_origin, ended.Lease.Seeds.Length));
    }

    private void Quiet()
    {
        if (_desk.IsEmpty)
        {
            _stopAsker.Tell(GenerationStopped.Instance);
        }
    }
}
