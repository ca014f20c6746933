using ICPO.Actors.Contracts.Dispatching;
using ICPO.Actors.Contracts.Identity;

namespace ICPO.Actors.Dispatching;

/// <summary>
/// Worker demand, waiting leases, and leases in progress with their deadlines. Pure: time is an argument.
/// </summary>
/// <typeparam name="TWorker">Identifies a worker.</typeparam>
public sealed class LeaseBook<TWorker>(TimeSpan timeout, int attempts)
    where TWorker : notnull
{
    private readonly Dictionary<Origin, LinkedList<RolloutLease>> _waiting = new() { [Origin.Policy] = new(), [Origin.Expert] = new() };

    private readonly Dictionary<(TWorker Worker, Origin Origin), int> _demand = [];
    private readonly Dictionary<LeaseId, Outstanding> _out = [];
    private static readonly Comparer<LeaseId> ByAge = Comparer<LeaseId>.Create(
        (left, right) => (left.Group, left.FirstSibling).CompareTo((right.Group, right.FirstSibling))
    );

    private readonly record struct Outstanding(RolloutLease Lease, TWorker Worker, TimeSpan Deadline);

    /// <summary>Leases that wait for a worker.</summary>
    public int Waiting => _waiting.Values.Sum(queue => queue.Count);

    /// <summary>
    /// True where workers of this origin request more than is waiting. A worker may get more than it requested, because a lease is not
    /// split; that surplus does not reduce the demand of the other workers.
    /// </summary>
    public bool Wants(Origin origin) =>
        _demand.Where(entry => entry.Key.Origin == origin).Sum(entry => Math.Max(0, entry.Value))
        > _waiting[origin].Sum(lease => lease.Seeds.Length);

    public void Demand(TWorker worker, Origin origin, int sequences) =>
        _demand[(worker, origin)] = _demand.GetValueOrDefault((worker, origin)) + sequences;

    public void Add(RolloutLease lease) => _waiting[lease.Origin].AddLast(lease);

    /// <summary>Assigns waiting leases to the workers with the largest demand, oldest lease first.</summary>
    public IReadOnlyList<(TWorker Worker, RolloutLease Lease)> Match(TimeSpan now)
    {
        var matched = new List<(TWorker, RolloutLease)>();
        foreach ((Origin origin, LinkedList<RolloutLease> queue) in _waiting)
        {
            while (queue.First is { Value: var lease } && LargestDemand(origin) is { } worker)
            {
                queue.RemoveFirst();
                _demand[(worker.Value, origin)] -= lease.Seeds.Length;
                _out[lease.Id] = new Outstanding(lease, worker.Value, now + timeout);
                matched.Add((worker.Value, lease));
            }
        }

        return matched;
    }

    /// <summary>Removes a completed lease and returns it; null where it was not in progress (late, or taken back).</summary>
    public RolloutLease? Complete(LeaseId id) => _out.Remove(id, out Outstanding entry) ? entry.Lease : null;

    /// <summary>Requeues a failed lease at the head of its queue, or returns it after the last attempt: it is given up.</summary>
    public RolloutLease? Fail(LeaseId id) => _out.Remove(id, out Outstanding entry) ? Retry(entry.Lease) : null;

    /// <summary>Takes back overdue leases as <see cref="Fail"/> does. Returns those given up.</summary>
    public IReadOnlyList<RolloutLease> Expire(TimeSpan now) => TakeBack(entry => entry.Deadline <= now);

    /// <summary>Drops the demand of a terminated worker and takes its leases back. Returns those given up.</summary>
    public IReadOnlyList<RolloutLease> Forget(TWorker worker)
    {
        _demand.Remove((worker, Origin.Policy));
        _demand.Remove((worker, Origin.Expert));
        return TakeBack(entry => entry.Worker.Equals(worker));
    }

    private List<RolloutLease> TakeBack(Func<Outstanding, bool> which)
    {
        // Each is put at the head of its queue, so the newest goes first and the oldest ends up in front.
        LeaseId[] taken = [.. _out.Where(entry => which(entry.Value)).Select(entry => entry.Key).OrderDescending(ByAge)];
        return [.. taken.Select(Fail).OfType<RolloutLease>()];
    }

    private RolloutLease? Retry(RolloutLease lease)
    {
        if (lease.Attempt + 1 >= attempts)
        {
            return lease;
        }

        _waiting[lease.Origin].AddFirst(lease with { Attempt = lease.Attempt + 1 });
        return null;
    }

    private Holder? LargestDemand(Origin origin)
    {
        Holder? found = null;
        int largest = 0;
        foreach (((TWorker worker, Origin of), int demand) in _demand)
        {
            if (of == origin && demand > largest)
            {
                (found, largest) = (new Holder(worker), demand);
            }
        }

        return found;
    }

    private sealed record Holder(TWorker Value);
}
