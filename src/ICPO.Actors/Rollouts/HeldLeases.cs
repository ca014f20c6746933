using ICPO.Actors.Contracts.Dispatching;
using ICPO.Actors.Contracts.Identity;
using ICPO.Actors.Contracts.Rollouts;
using ICPO.Actors.Leasing;

namespace ICPO.Actors.Rollouts;

/// <summary>
/// The leases of a worker: those that run, those that wait until the engine has new enough weights, and those whose rollouts are not
/// acknowledged. A repeated lease is distinguished from a new one, so repeated messages do not sample twice.
/// </summary>
internal sealed class HeldLeases(TimeSpan repeat)
{
    private const int Remembered = 1024;
    private readonly Dictionary<LeaseId, RolloutLease> _early = [];
    private readonly Dictionary<LeaseId, Running> _running = [];
    private readonly Outbox<(LeaseId Lease, int Sibling), RolloutDelivered> _outbox = new(repeat);
    private readonly Dictionary<LeaseId, LeaseFailed?> _ended = [];
    private readonly Queue<LeaseId> _endedInOrder = new();

    private sealed record Running(CancellationTokenSource Source)
    {
        public required int Left { get; set; }

        public int Sampled { get; set; }
    }

    /// <summary>Sequences that run or will run.</summary>
    public int Sequences => _running.Values.Sum(running => running.Left) + _early.Values.Sum(lease => lease.Siblings.Length);

    /// <summary>True if nothing runs, waits or is unacknowledged.</summary>
    public bool IsEmpty => _running.Count == 0 && _early.Count == 0 && _outbox.Keys.Count == 0;

    /// <summary>The leases that a demand reports.</summary>
    public IEnumerable<LeaseId> Ids => _running.Keys.Concat(_early.Keys).Concat(_outbox.Keys.Select(key => key.Lease)).Distinct();

    /// <summary>Active leases, each with the number of its sampled rollouts.</summary>
    public IEnumerable<(LeaseId Lease, int Sampled)> Active => _running.Select(entry => (entry.Key, entry.Value.Sampled));

    /// <summary>True if the lease is held, or has ended here.</summary>
    public bool Knows(LeaseId lease) => _running.ContainsKey(lease) || _early.ContainsKey(lease) || _ended.ContainsKey(lease);

    /// <summary>True if the lease may start now; otherwise it is kept for <see cref="Ready"/>.</summary>
    public bool MayStart(RolloutLease lease, PolicyVersion held)
    {
        if (lease.NotBefore <= held)
        {
            return true;
        }

        _early.Add(lease.Id, lease);
        return false;
    }

    /// <summary>Leases that may start with the weights now held.</summary>
    public IReadOnlyList<RolloutLease> Ready(PolicyVersion held)
    {
        RolloutLease[] ready = [.. _early.Values.Where(lease => lease.NotBefore <= held)];
        foreach (RolloutLease lease in ready)
        {
            _early.Remove(lease.Id);
        }

        return ready;
    }

    /// <summary>Registers a lease that starts; its token is cancelled with the lease.</summary>
    public CancellationToken Begin(RolloutLease lease)
    {
        var running = new Running(new CancellationTokenSource()) { Left = lease.Siblings.Length };
        _running.Add(lease.Id, running);
        return running.Source.Token;
    }

    /// <summary>Keeps a rollout until it is acknowledged.</summary>
    public RolloutDelivered Deliver(RolloutLease lease, Rollout rollout, TimeSpan now)
    {
        if (_running.TryGetValue(lease.Id, out Running? running))
        {
            (running.Left, running.Sampled) = (running.Left - 1, running.Sampled + 1);
        }

        var delivered = new RolloutDelivered(lease.Id, lease.Epoch, rollout);
        _outbox.Add((lease.Id, rollout.Id.Sibling), delivered, now);
        return delivered;
    }

    public void Acknowledge(RolloutAck ack) => _outbox.Acknowledge((ack.Lease, ack.Rollout.Sibling));

    /// <summary>Rollouts to deliver again.</summary>
    public IReadOnlyList<RolloutDelivered> Due(TimeSpan now) => _outbox.Due(now);

    /// <summary>The lease has ended here, whether it was sampled, failed or was cancelled.</summary>
    public void End(LeaseId lease, LeaseFailed? failure = null)
    {
        if (_running.Remove(lease, out Running? running))
        {
            running.Source.Dispose();
        }

        Remember(lease, failure);
    }

    /// <summary>The failure of a lease; null if it did not fail, or is no longer remembered.</summary>
    public LeaseFailed? FailureOf(LeaseId lease) => _ended.GetValueOrDefault(lease);

    /// <summary>Stops a lease. One that has never come is remembered, because messages may overtake each other.</summary>
    public void Cancel(LeaseId lease)
    {
        if (_running.TryGetValue(lease, out Running? running))
        {
            running.Source.Cancel();
            return;
        }

        _early.Remove(lease);
        Remember(lease, failure: null);
    }

    /// <summary>Stops active leases, and drops waiting and completed ones: those of another epoch.</summary>
    public void Leave()
    {
        CancelAll();
        _ended.Clear();
        _endedInOrder.Clear();
    }

    /// <summary>Stops active leases and drops waiting ones.</summary>
    public void CancelAll()
    {
        foreach (LeaseId lease in _running.Keys.Concat(_early.Keys).ToArray())
        {
            Cancel(lease);
        }
    }

    private void Remember(LeaseId lease, LeaseFailed? failure)
    {
        if (!_ended.TryAdd(lease, failure))
        {
            return;
        }

        _endedInOrder.Enqueue(lease);
        if (_endedInOrder.Count > Remembered)
        {
            _ended.Remove(_endedInOrder.Dequeue());
        }
    }
}
