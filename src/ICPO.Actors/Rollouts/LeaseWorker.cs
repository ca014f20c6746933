using Akka.Actor;
using ICPO.Actors.Contracts.Dispatching;
using ICPO.Actors.Contracts.Identity;

namespace ICPO.Actors.Rollouts;

/// <summary>
/// A worker that pulls: it requests as many sequences as its engine has slots, and more whenever some have ended, so the engine is
/// never idle while there is work and never holds more than it can run.
/// </summary>
public abstract class LeaseWorker : ReceiveActor
{
    private readonly ActiveLeases _leases = new();
    private readonly Origin _origin;
    private readonly IActorRef _dispatcher;
    private IActorRef? _stopRequester;

    protected LeaseWorker(Origin origin, LeaseRunner runner, IActorRef dispatcher)
    {
        (_origin, Runner, _dispatcher) = (origin, runner, dispatcher);

        Receive<RolloutLease>(lease =>
        {
            if (_stopRequester is null && _leases.MayStart(lease, Runner.Version))
            {
                Start(lease);
            }
        });
        Receive<WeightsSwapped>(swapped =>
        {
            foreach (RolloutLease lease in _leases.Ready(swapped.Version))
            {
                Start(lease);
            }
        });
        Receive<LeaseEnded>(Ended);
        Receive<StopGenerating>(_ =>
        {
            _stopRequester = Sender;
            _leases.CancelAll();
            ReplyIfIdle();
        });
    }

    protected LeaseRunner Runner { get; }

    /// <summary>Samples the lease's rollouts and sends each on; throws where it cannot.</summary>
    protected abstract Task Run(RolloutLease lease, CancellationToken cancellationToken);

    protected override void PreStart() => _dispatcher.Tell(new RequestWork(_origin, Runner.Slots));

    protected override void PostStop() => _leases.CancelAll();

    private void Start(RolloutLease lease)
    {
        CancellationToken token = _leases.Begin(lease.Id);
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
        _leases.End(ended.Lease.Id);
        if (_stopRequester is not null)
        {
            ReplyIfIdle();
            return;
        }

        if (ended.Error is OutOfMemoryException)
        {
            // The engine has already retried with fewer sequences.
            throw new InvalidOperationException(ended.Error.Message, ended.Error);
        }

        if (ended.Error is ObjectDisposedException)
        {
            throw new InvalidOperationException("The generation engine was disposed.", ended.Error);
        }

        _dispatcher.Tell(ended.Error is null ? new LeaseDone(ended.Lease.Id) : new LeaseFailed(ended.Lease.Id, ended.Error.Message));
        _dispatcher.Tell(new RequestWork(_origin, ended.Lease.Seeds.Length));
    }

    private void ReplyIfIdle()
    {
        if (_leases.IsEmpty)
        {
            _stopRequester.Tell(GenerationStopped.Instance);
        }
    }
}
