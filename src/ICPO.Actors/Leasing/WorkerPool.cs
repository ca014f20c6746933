namespace ICPO.Actors.Leasing;

/// <summary>The workers that can get leases now, by kind and by the number of units that they can start.</summary>
internal sealed class WorkerPool<TWorker, TKey>
    where TWorker : notnull
    where TKey : notnull
{
    private readonly Dictionary<int, DemandBuckets<TWorker, TKey>> _ready = [];

    /// <summary>Units that workers of this kind can start.</summary>
    public long Available(int kind) => _ready.TryGetValue(kind, out DemandBuckets<TWorker, TKey>? ready) ? ready.Available : 0;

    /// <summary>The worker with the most free units that is allowed to have the lease; null if there is none.</summary>
    public LeaseHolder<TWorker, TKey>? Largest(int kind, Func<LeaseHolder<TWorker, TKey>, bool>? allowed = null) =>
        !_ready.TryGetValue(kind, out DemandBuckets<TWorker, TKey>? ready) ? null
        : allowed is null ? ready.First
        : ready.Descending.FirstOrDefault(allowed);

    /// <summary>Updates the position of a worker after a change: it is in the pool if it can get leases now.</summary>
    public void Update(LeaseHolder<TWorker, TKey> holder, TimeSpan now)
    {
        bool mayTake = holder.Available > 0 && !holder.IsSuspect && holder.RestsUntil <= now;
        if (mayTake && holder.Pooled == holder.Available)
        {
            return;
        }

        Remove(holder);
        if (mayTake)
        {
            Add(holder);
        }
    }

    public void Remove(LeaseHolder<TWorker, TKey> holder)
    {
        if (holder.Pooled is not { } pooled)
        {
            return;
        }

        for (int at = 0; at < holder.Kinds.Length; at++)
        {
            _ready[holder.Kinds[at]].Remove(holder.Places[at], pooled);
        }

        holder.Pooled = null;
    }

    private void Add(LeaseHolder<TWorker, TKey> holder)
    {
        holder.Pooled = holder.Available;
        for (int at = 0; at < holder.Kinds.Length; at++)
        {
            if (!_ready.TryGetValue(holder.Kinds[at], out DemandBuckets<TWorker, TKey>? ready))
            {
                _ready[holder.Kinds[at]] = ready = new DemandBuckets<TWorker, TKey>();
            }

            ready.Add(holder.Places[at], holder.Available);
        }
    }
}
