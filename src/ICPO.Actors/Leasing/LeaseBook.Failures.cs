using System.Collections.Immutable;

namespace ICPO.Actors.Leasing;

/// <summary>The return of leases after failures, and their next workers.</summary>
public sealed partial class LeaseBook<TWorker, TKey>
{
    /// <summary>The worker could not complete the lease, which counts as an attempt.</summary>
    public LeaseOutcome<TWorker, TKey> Fail(TWorker worker, Grant<TKey> grant, string reason, TimeSpan now)
    {
        if (Held(worker, grant) is not { } lease)
        {
            return Nothing;
        }

        lease.AddFailure(worker);
        return TakeBack(lease, reason, isAttempt: true, now);
    }

    /// <summary>
    /// The worker itself failed: it gets no leases for a delay that grows with every failure, and another worker gets the lease. This
    /// counts as an attempt only if no other worker could get the lease and this one had worked since its last fault: a failure of a faulty
    /// worker is no evidence against the lease.
    /// </summary>
    public LeaseOutcome<TWorker, TKey> WorkerFailed(TWorker worker, Grant<TKey> grant, string reason, TimeSpan now)
    {
        if (Held(worker, grant) is not { } lease)
        {
            return Nothing;
        }

        LeaseHolder<TWorker, TKey> holder = lease.Holder!;
        bool worked = holder.Faults == 0;
        holder.Faults++;
        (holder.LastFault, holder.RestsUntil) = (reason, now + rules.Rest(holder.Faults));
        _pool.Update(holder, now);
        lease.AddFailure(worker);
        return TakeBack(lease, reason, isAttempt: worked && !AnyOther(lease), now);
    }

    /// <summary>Revokes leases without progress. Their workers get no leases until they report again.</summary>
    public LeaseOutcome<TWorker, TKey> Expire(string reason, TimeSpan now)
    {
        // Each is put at the head of its queue, so the newest goes first and the oldest ends up in front.
        Lease<TWorker, TKey>[] overdue =
        [
            .. _leases.Values.Where(lease => lease.Holder is not null && lease.Deadline <= now).OrderByDescending(lease => lease.Order),
        ];
        ImmutableArray<Cancellation<TWorker, TKey>>.Builder cancelled = ImmutableArray.CreateBuilder<Cancellation<TWorker, TKey>>();
        ImmutableArray<GivenUp<TKey>>.Builder givenUp = ImmutableArray.CreateBuilder<GivenUp<TKey>>();
        foreach (Lease<TWorker, TKey> lease in overdue)
        {
            LeaseHolder<TWorker, TKey> holder = lease.Holder!;
            cancelled.AddRange(Cancel(holder, lease).Cancelled);
            holder.Overdue.Add(lease.Grant);
            _pool.Update(holder, now);
            lease.AddFailure(holder.Worker);
            givenUp.AddRange(TakeBack(lease, reason, isAttempt: true, now).GivenUp);
        }

        Wake(now);
        return new LeaseOutcome<TWorker, TKey> { Cancelled = cancelled.ToImmutable(), GivenUp = givenUp.ToImmutable() };
    }

    /// <summary>
    /// The worker has ended: its leases are returned, which counts as an attempt unless the worker had failed since it worked last. A
    /// worker with the same name inherits its faults.
    /// </summary>
    public LeaseOutcome<TWorker, TKey> Forget(TWorker worker, string reason, TimeSpan now)
    {
        if (!_workers.Remove(worker, out LeaseHolder<TWorker, TKey>? holder))
        {
            return Nothing;
        }

        _pool.Remove(holder);
        _awaited.Remove(worker);
        holder.Take([]);
        Inherit(holder, reason);
        bool worked = holder.Faults == 0;
        return new LeaseOutcome<TWorker, TKey>
        {
            GivenUp =
            [
                .. holder
                    .Leases.Values.OrderByDescending(lease => lease.Order)
                    .ToArray()
                    .SelectMany(lease => TakeBack(lease, reason, isAttempt: worked, now).GivenUp),
            ],
        };
    }

    /// <summary>Its successor may have requested work before its end was detected.</summary>
    private void Inherit(LeaseHolder<TWorker, TKey> ended, string reason)
    {
        (int faults, string last) = (ended.Faults + 1, ended.LastFault ?? reason);
        if (_workers.Values.FirstOrDefault(holder => holder.Name == ended.Name) is { } successor)
        {
            (successor.Faults, successor.LastFault) = (Math.Max(successor.Faults, faults), last);
        }
        else
        {
            _departed[ended.Name] = (faults, last);
        }
    }

    /// <summary>True if a worker has leases and has not failed since it worked last.</summary>
    public bool AnyAtWork => _workers.Values.Any(holder => holder is { Leases.Count: > 0, Faults: 0, IsSuspect: false });

    /// <summary>Workers that have leases, and all workers.</summary>
    public (int AtWork, int All) Load => (_workers.Values.Count(holder => holder.Leases.Count > 0), _workers.Count);

    /// <summary>True if the worker has this giving of the lease.</summary>
    public bool Holds(TWorker worker, Grant<TKey> grant) => Held(worker, grant) is not null;

    /// <summary>The name that the worker has given itself; null if it is not known.</summary>
    public string? NameOf(TWorker worker) => _workers.GetValueOrDefault(worker)?.Name;

    /// <summary>The workers with open leases and the times of their last reports, one phrase per worker.</summary>
    public IReadOnlyList<string> Waits(TimeSpan now) =>
        [
            .. _workers
                .Values.Where(holder => holder.Leases.Count > 0 || holder.IsSuspect || holder.RestsUntil > now)
                .OrderBy(holder => holder.Ordinal)
                .Select(holder =>
                    $"{holder.Name} has {holder.Leases.Count + holder.Overdue.Count} leases and was heard of "
                    + $"{(now - holder.LastHeard).TotalSeconds:0} s ago"
                    + (holder.Faults > 0 ? $" (its last fault: {holder.LastFault})" : "")
                ),
        ];

    /// <summary>Workers that have rested long enough are given leases again.</summary>
    private void Wake(TimeSpan now)
    {
        foreach (LeaseHolder<TWorker, TKey> holder in _workers.Values)
        {
            _pool.Update(holder, now);
        }
    }

    /// <summary>Not again to a worker that failed it, while another could have it.</summary>
    private LeaseHolder<TWorker, TKey>? Choose(Lease<TWorker, TKey> lease) =>
        lease.FailedBy is { } failed && AnyOther(lease)
            ? _pool.Largest(lease.Kind, holder => !failed.Contains(holder.Worker))
            : _pool.Largest(lease.Kind);

    private bool AnyOther(Lease<TWorker, TKey> lease) =>
        _workers.Values.Any(holder =>
            !holder.IsSuspect
            && holder.Faults < rules.BrokenAfter
            && holder.Kinds.Contains(lease.Kind)
            && lease.FailedBy?.Contains(holder.Worker) != true
        );

    private void Give(Lease<TWorker, TKey> lease, LeaseHolder<TWorker, TKey> holder, TimeSpan now)
    {
        _waiting[lease.Kind].Remove(lease.Place!);
        _waitingUnits -= Size(lease);
        (lease.Place, lease.Holder, lease.Seen, lease.Steps) = (null, holder, false, long.MinValue);
        (lease.Sent, lease.Deadline) = (now, now + rules.Timeout);
        holder.Leases.Add(lease.Key, lease);
        holder.Unseen += lease.Missing.Length;
        _pool.Update(holder, now);
    }

    private LeaseOutcome<TWorker, TKey> TakeBack(Lease<TWorker, TKey> lease, string reason, bool isAttempt, TimeSpan now)
    {
        if (isAttempt && ++lease.Failures >= rules.Attempts)
        {
            Remove(lease, now);
            return new LeaseOutcome<TWorker, TKey> { GivenUp = [new GivenUp<TKey>(lease.Key, lease.Missing, reason)] };
        }

        Release(lease, now);
        lease.Attempt++;
        Enqueue(lease, atFront: true);
        return Nothing;
    }

    private void Enqueue(Lease<TWorker, TKey> lease, bool atFront)
    {
        if (!_waiting.TryGetValue(lease.Kind, out LinkedList<Lease<TWorker, TKey>>? queue))
        {
            _waiting[lease.Kind] = queue = new LinkedList<Lease<TWorker, TKey>>();
        }

        lease.Place = atFront ? queue.AddFirst(lease) : queue.AddLast(lease);
        _waitingUnits += Size(lease);
    }

    private void Remove(Lease<TWorker, TKey> lease, TimeSpan now)
    {
        _leases.Remove(lease.Key);
        if (lease.Place is { } place)
        {
            _waiting[lease.Kind].Remove(place);
            _waitingUnits -= Size(lease);
            lease.Place = null;
        }

        Release(lease, now);
    }

    private void Release(Lease<TWorker, TKey> lease, TimeSpan now)
    {
        if (lease.Holder is not { } holder)
        {
            return;
        }

        lease.Holder = null;
        holder.Leases.Remove(lease.Key);
        holder.Unseen -= lease.Seen ? 0 : lease.Missing.Length;
        _pool.Update(holder, now);
    }
}
