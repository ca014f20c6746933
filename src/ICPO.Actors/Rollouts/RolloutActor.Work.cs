using Akka.Actor;
using ICPO.Actors.Contracts.Dispatching;
using ICPO.Actors.Leasing;

namespace ICPO.Actors.Rollouts;

/// <summary>The sampling of a lease.</summary>
public sealed partial class RolloutActor
{
    private void Accept(RolloutLease lease)
    {
        if (_leases.FailureOf(lease.Id) is { } failed)
        {
            _core.Tell(failed);
        }
        else if (lease.Epoch == _epoch && !_leases.Knows(lease.Id) && _leases.MayStart(lease, _runner.Version))
        {
            Start(lease);
        }
    }

    private void Start(RolloutLease lease) => _ = SampleAsync(lease, Self, _leases.Begin(lease)).PipeTo(Self);

    private async Task<LeaseEnded> SampleAsync(RolloutLease lease, IActorRef self, CancellationToken token)
    {
        try
        {
            await _runner.RunAsync(lease, rollout => self.Tell(new RolloutSampled(lease, rollout)), token).ConfigureAwait(false);
            return new LeaseEnded(lease, null);
        }
        catch (OperationCanceledException) when (token.IsCancellationRequested)
        {
            return new LeaseEnded(lease, null);
        }
        catch (Exception error)
        {
            return new LeaseEnded(lease, error);
        }
    }

    /// <summary>Faults in a row after which the engine is created again: one that has ended fails every request.</summary>
    private const int MaxFaults = 3;

    private void Works()
    {
        _faults = 0;
        if (!_works)
        {
            _works = true;
            _node.Tell(new WorkerWorks(_settings.Name));
        }
    }

    private void Ended(LeaseEnded ended)
    {
        LeaseFailed? failed = ended.Error switch
        {
            null => null,

            // The engine has already retried with fewer sequences.
            OutOfMemoryException memory => throw new InvalidOperationException(memory.Message, memory),
            ObjectDisposedException disposed => throw new InvalidOperationException("The generation engine was disposed.", disposed),

            // A request that cannot be sampled fails everywhere; anything else is this engine's fault.
            { } error => new LeaseFailed(ended.Lease.Id, ended.Lease.Epoch, error.Message, EngineFault: error is not ArgumentException),
        };
        _leases.End(ended.Lease.Id, failed);
        if (failed is not null)
        {
            _core.Tell(failed);
        }

        if (failed is { EngineFault: true } && ++_faults >= MaxFaults)
        {
            throw new InvalidOperationException(failed.Reason, ended.Error);
        }

        RequestDemand();
    }
}
