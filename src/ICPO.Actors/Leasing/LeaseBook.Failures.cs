using System.Collections.Immutable;

namespace ICPO.Actors.Leasing;

/// <summary>How leases go back, and which workers get them next.</summary>
public sealed partial class LeaseBook<TWorker, TKey>
{
    /// <summary>The worker could not do what the lease asks for; that is an attempt.</summary>
    public LeaseOutcome<TWorker, TKey> Fail(TWorker worker, Grant<TKey> grant, string reason, TimeSpan now)
    {
        if (Held(worker, grant) is not { } lease)
        {
            return Nothing;
        }

        lease.FailedBy.Add(worker);
        return TakeBack(lease, reason, isAttempt: true, now);
    }

    /// <summary>
    /// The worker itself failed: it rests, longer each time, and another worker gets the lease. An attempt only once every worker that
    /// could have it has failed it.
    /// </summary>
    public LeaseOutcome<TWorker, TKey> WorkerFailed(TWorker worker, Grant<TKey> grant, string reason, TimeSpan now)
    {
        if (Held(worker, grant) is not { } lease)
        {
            return Nothing;
        }

        _pool.Change(
            lease.Holder!,
            changed =>
            {
                changed.Faults++;
                changed.LastFault = reason;
                changed.RestsUntil = now + rules.Rest(changed.Faults);
            },
            now
        );
        lease.FailedBy.Add(worker);
        return TakeBack(lease, reason, isAttempt: !AnyOther(lease), now);
    }

    /// <summary>Takes back leases without progress. Their workers are suspect, and get nothing, until they show that they live.</summary>
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
            _pool.Change(holder, changed => changed.Overdue.Add(lease.Grant), now);
            lease.FailedBy.Add(holder.Worker);
            givenUp.AddRange(TakeBack(lease, reason, isAttempt: true, now).GivenUp);
        }

        Wake(now);
        return new LeaseOutcome<TWorker, TKey> { Cancelled = cancelled.ToImmutable(), GivenUp = givenUp.ToImmutable() };
    }

    /// <summary>The worker has ended: its leases go back.</summary>
    public LeaseOutcome<TWorker, TKey> Forget(TWorker worker, string reason, TimeSpan now)
    {
        if (!_workers.Remove(worker, out LeaseHolder<TWorker, TKey>? holder))
        {
            return Nothing;
        }

        _pool.Remove(holder);
        _awaited.Remove(worker);
        holder.Take([]);
        return new LeaseOutcome<TWorker, TKey>
        {
            GivenUp =
            [
                .. holder
                    .Leases.Values.OrderByDescending(lease => lease.Order)
                    .ToArray()
                    .SelectMany(lease => TakeBack(lease, reason, isAttempt: true, now).GivenUp),
            ],
        };
    }

    /// <summary>Why no worker can do anything; null while there is one that may.</summary>
    public string? Broken =>
        _workers.Count > 0 && _workers.Values.All(holder => holder.Faults >= rules.BrokenAfter)
            ? string.Join(
                "; ",
                _workers
                    .Values.OrderBy(holder => holder.Ordinal)
                    .Select(holder => $"{holder.Name} failed {holder.Faults} times in a row: {holder.LastFault}")
            )
            : null;

    /// <summary>Who has open leases and when each was heard of last, one phrase per worker.</summary>
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
            _pool.Put(holder, now);
        }
    }

    /// <summary>Not again to a worker that failed it, while another could have it.</summary>
    private LeaseHolder<TWorker, TKey>? Choose(Lease<TWorker, TKey> lease) =>
        lease.FailedBy.Count == 0 ? _pool.Largest(lease.Kind)
        : AnyOther(lease) ? _pool.Largest(lease.Kind, holder => !lease.FailedBy.Contains(holder.Worker))
        : _pool.Largest(lease.Kind);

    private bool AnyOther(Lease<TWorker, TKey> lease) =>
        _workers.Values.Any(holder =>
            !holder.IsSuspect
            && holder.Faults < rules.BrokenAfter
            && holder.Kinds.Contains(lease.Kind)
            && !lease.FailedBy.Contains(holder.Worker)
        );

    private void Give(Lease<TWorker, TKey> lease, LeaseHolder<TWorker, TKey> holder, TimeSpan now)
    {
        _waiting[lease.Kind].Remove(lease.Place!);
        _waitingUnits -= Size(lease);
        (lease.Place, lease.Holder, lease.Seen, lease.Steps) = (null, holder, false, long.MinValue);
        (lease.Sent, lease.Deadline) = (now, now + rules.Timeout);
        _pool.Change(
            holder,
            changed =>
            {
                changed.Leases.Add(lease.Key, lease);
                changed.Unseen += lease.Missing.Count;
            },
            now
        );
    }

    private LeaseOutcome<TWorker, TKey> TakeBack(Lease<TWorker, TKey> lease, string reason, bool isAttempt, TimeSpan now)
    {
        if (isAttempt && ++lease.Failures >= rules.Attempts)
        {
            Remove(lease, now);
            return new LeaseOutcome<TWorker, TKey> { GivenUp = [new GivenUp<TKey>(lease.Key, [.. lease.Missing], reason)] };
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
        _pool.Change(
            holder,
            changed =>
            {
                changed.Leases.Remove(lease.Key);
                changed.Unseen -= lease.Seen ? 0 : lease.Missing.Count;
            },
            now
        );
    }
}
