using Akka.Actor;
using ICPO.Actors.Contracts.Dispatching;
using ICPO.Actors.Contracts.Identity;

namespace ICPO.Actors.Rollouts;

/// <summary>Which leases a worker has in hand: those running, and those that wait until the engine holds new enough weights.</summary>
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

    /// <summary>Notes that the lease runs; the token ends with the worker.</summary>
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

    /// <summary>Cancels whatever runs and forgets what waits.</summary>
    public void CancelAll()
    {
        foreach (CancellationTokenSource source in _running.Values)
        {
            source.Cancel();
        }

        _early.Clear();
    }
}

/// <summary>How a lease ended on its worker.</summary>
internal sealed record LeaseEnded(RolloutLease Lease, Exception? Error) : INoSerializationVerificationNeeded;

/// <summary>The engine now samples with this version.</summary>
internal sealed record WeightsSwapped(PolicyVersion Version) : INoSerializationVerificationNeeded;

/// <summary>End open work, nothing more will be asked; answered with <see cref="GenerationStopped"/> once nothing runs.</summary>
internal sealed record StopGenerating(TimeSpan Timeout) : INoSerializationVerificationNeeded;

/// <summary>Nothing runs any more.</summary>
internal sealed record GenerationStopped : INoSerializationVerificationNeeded
{
    public static GenerationStopped Instance { get; } = new();
}
