using ICPO.Actors.Contracts.Dispatching;
using ICPO.Actors.Contracts.Identity;

namespace ICPO.Actors.Rollouts;

/// <summary>The leases of a worker: those running, and those that wait until the engine holds new enough weights.</summary>
internal sealed class ActiveLeases
{
    private readonly List<RolloutLease> _early = [];
    private readonly Dictionary<LeaseId, CancellationTokenSource> _running = [];

    /// <summary>True where the lease may start now; otherwise it is kept for <see cref="Ready"/>.</summary>
    public bool MayStart(RolloutLease lease, PolicyVersion held)
    {
        if (lease.NotBefore <= held)
        {
            return true;
        }

        _early.Add(lease);
        return false;
    }

    /// <summary>Leases that may start with the weights now held.</summary>
    public IReadOnlyList<RolloutLease> Ready(PolicyVersion held)
    {
        RolloutLease[] ready = [.. _early.Where(lease => lease.NotBefore <= held)];
        _early.RemoveAll(lease => lease.NotBefore <= held);
        return ready;
    }

    /// <summary>Registers a running lease; its token is cancelled when the worker stops.</summary>
    public CancellationToken Begin(LeaseId lease)
    {
        var source = new CancellationTokenSource();
        if (!_running.TryAdd(lease, source))
        {
            source.Dispose();
            throw new InvalidOperationException($"Lease {lease} is already running.");
        }

        return source.Token;
    }

    public void End(LeaseId lease)
    {
        if (_running.Remove(lease, out CancellationTokenSource? source))
        {
            source.Dispose();
        }
    }

    public bool IsEmpty => _running.Count == 0;

    /// <summary>Cancels what runs and drops what waits.</summary>
    public void CancelAll()
    {
        foreach (CancellationTokenSource source in _running.Values)
        {
            source.Cancel();
        }

        _early.Clear();
    }
}
