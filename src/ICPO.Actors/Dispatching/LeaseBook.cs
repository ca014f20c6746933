using ICPO.Actors.Contracts.Dispatching;
using ICPO.Actors.Contracts.Identity;

namespace ICPO.Actors.Dispatching;

/// <summary>
/// Who wants work, which leases wait, which are out and until when. Pure bookkeeping: time comes in as an argument.
/// </summary>
/// <typeparam name="TWorker">What names a worker.</typeparam>
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
    /// True where workers of this origin want more than what waits already. A worker that was given more than it asked for (a lease
    /// is not split) owes that to itself alone: it takes nothing from what the others want.
    /// </summary>
    public bool Wants(Origin origin) =>
        _demand.Where(entry => entry.Key.Origin == origin).Sum(entry => Math.Max(0, entry.Value))
        > _waiting[origin].Sum(lease => lease.Seeds.Length);

    public void Demand(TWorker worker, Origin origin, int sequences) =>
        _demand[(worker, origin)] = _demand.GetValueOrDefault((worker, origin)) + sequences;

    public void Add(RolloutLease lease) => _waiting[lease.Origin].AddLast(lease);

    /// <summary>Hands waiting leases to the workers that want most, oldest lease first.</summary>
    public IReadOnlyList<(TWorker Worker, RolloutLease Lease)> Match(TimeSpan now)
    {
        var matched = new List<(TWorker, RolloutLease)>();
        foreach ((Origin origin, LinkedList<RolloutLease> queue) in _waiting)
        {
            while (queue.First is { Value: var lease } && Neediest(origin) is { } worker)
            {
                queue.RemoveFirst();
                _demand[(worker.Value, origin)] -= lease.Seeds.Length;
                _out[lease.Id] = new Outstanding(lease, worker.Value, now + timeout);
                matched.Add((worker.Value, lease));
            }
        }

        return matched;
    }

    /// <summary>A lease that is done, or null where it was not out (late, or taken back).</summary>
    public RolloutLease? Complete(LeaseId id) => _out.Remove(id, out Outstanding entry) ? entry.Lease : null;

    /// <summary>A lease that failed: back to the head of its queue, or given up (returned) after the last attempt.</summary>
    public RolloutLease? Fail(LeaseId id) => _out.Remove(id, out Outstanding entry) ? Retry(entry.Lease) : null;

    /// <summary>Leases out for too long: taken back as in <see cref="Fail"/>. Returns those given up.</summary>
    public IReadOnlyList<RolloutLease> Expire(TimeSpan now) => TakeBack(entry => entry.Deadline <= now);

    /// <summary>A worker is gone: its demand ends and its leases are taken back. Returns those given up.</summary>
    public IReadOnlyList<RolloutLease> Forget(TWorker worker)
    {
        _demand.Remove((worker, Origin.Policy));
        _demand.Remove((worker, Origin.Expert));
        return TakeBack(entry => entry.Worker.Equals(worker));
    }

    private List<RolloutLease> TakeBack(Func<Outstanding, bool> which)
    {
        // Each goes to the head of its queue, so the youngest goes first and the oldest group ends up foremost.
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

    private Holder? Neediest(Origin origin)
    {
        Holder? neediest = null;
        int most = 0;
        foreach (((TWorker worker, Origin of), int demand) in _demand)
        {
            if (of == origin && demand > most)
            {
                (neediest, most) = (new Holder(worker), demand);
            }
        }

        return neediest;
    }

    private sealed record Holder(TWorker Value);
}
