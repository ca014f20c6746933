using System.Collections.Immutable;

namespace ICPO.Actors.Leasing;

/// <summary>
/// The assignment of leases to workers. A lease stays assigned until all of its units have arrived from any worker; it is assigned again if
/// its worker makes no progress, fails or ends. Pure: time is an argument. Nothing depends on messages arriving once, in order, or at all:
/// a worker's demand is absolute and lists its leases, so the book resends lost leases and cancels unwanted ones.
/// </summary>
/// <typeparam name="TWorker">Identifies a worker.</typeparam>
/// <typeparam name="TKey">Identifies a lease.</typeparam>
public sealed partial class LeaseBook<TWorker, TKey>(LeaseRules rules)
    where TWorker : notnull
    where TKey : notnull
{
    /// <summary>Up to so many, a search takes less than a set costs.</summary>
    private const int FewLeases = 16;

    private static readonly LeaseOutcome<TWorker, TKey> Nothing = new();
    private readonly Dictionary<TKey, Lease<TWorker, TKey>> _leases = [];
    private readonly Dictionary<TWorker, LeaseHolder<TWorker, TKey>> _workers = [];
    private readonly SortedDictionary<int, LinkedList<Lease<TWorker, TKey>>> _waiting = [];
    private readonly WorkerPool<TWorker, TKey> _pool = new();
    private long _waitingUnits;
    private int _ordinal;
    private long _order;
    private readonly HashSet<TWorker> _awaited = [];
    private readonly Dictionary<string, (int Faults, string Last)> _departed = [];

    /// <summary>Leases that have not ended.</summary>
    public int Open => _leases.Count;

    /// <summary>True while a lease has not ended.</summary>
    public bool Contains(TKey key) => _leases.ContainsKey(key);

    /// <summary>Leases that wait for a worker.</summary>
    public int Waiting => _waiting.Values.Sum(queue => queue.Count);

    /// <summary>True if workers of this kind can begin more than waits. A lease is not split, so a worker may get more than it can
    /// begin; that surplus does not reduce the demand of the other workers.</summary>
    public bool Wants(int kind) => _pool.Available(kind) > _waitingUnits;

    /// <summary>Adds a lease to the end of its queue.</summary>
    public void Add(TKey key, int kind, IEnumerable<int> units)
    {
        var lease = new Lease<TWorker, TKey>(key, kind, [.. units.Order()], _order++);
        _leases.Add(key, lease);
        Enqueue(lease, atFront: false);
    }

    /// <summary>Updates the record of a worker.</summary>
    /// <returns>Leases that it seems to have missed, to be sent again, and leases that it holds without need.</returns>
    public LeaseOutcome<TWorker, TKey> Demand(TWorker worker, WorkerState<TKey> state, TimeSpan now)
    {
        if (!_workers.TryGetValue(worker, out LeaseHolder<TWorker, TKey>? holder))
        {
            _workers[worker] = holder = new LeaseHolder<TWorker, TKey>(worker, _ordinal++);
            if (_departed.Remove(state.Name, out (int Faults, string Last) earlier))
            {
                (holder.Faults, holder.LastFault) = (earlier.Faults, earlier.Last);
            }
        }

        if (state.Sequence <= holder.Sequence)
        {
            return Nothing;
        }

        int seen = Replace(holder, state, now);
        if (!holder.IsSuspect)
        {
            _awaited.Remove(worker);
        }

        return seen == holder.Leases.Count && seen == state.Held.Length
            ? Nothing
            : new LeaseOutcome<TWorker, TKey>
            {
                Repeated =
                [
                    .. holder
                        .Leases.Values.Where(lease => !lease.Seen && now - lease.Sent >= rules.Repeat)
                        .Select(lease =>
                        {
                            lease.Sent = now;
                            return Assign(lease, holder);
                        }),
                ],
                Cancelled =
                [
                    .. state
                        .Held.Where(grant =>
                            !(holder.Leases.TryGetValue(grant.Key, out Lease<TWorker, TKey>? own) && own.Attempt == grant.Attempt)
                        )
                        .Select(grant => new Cancellation<TWorker, TKey>(worker, grant.Key, grant.Attempt)),
                ],
            };
    }

    /// <summary>Takes over what a worker says of itself.</summary>
    /// <returns>How many of its leases it has.</returns>
    private int Replace(LeaseHolder<TWorker, TKey> holder, WorkerState<TKey> state, TimeSpan now)
    {
        (holder.Unseen, int seen) = (0, 0);
        HashSet<Grant<TKey>>? held = state.Held.Length > FewLeases && holder.Leases.Count > 0 ? [.. state.Held] : null;
        foreach (Lease<TWorker, TKey> lease in holder.Leases.Values)
        {
            lease.Seen = held?.Contains(lease.Grant) ?? state.Held.Contains(lease.Grant);
            seen += lease.Seen ? 1 : 0;
            holder.Unseen += lease.Seen ? 0 : lease.Missing.Length;
        }

        if (holder.IsSuspect)
        {
            holder.Overdue.IntersectWith(state.Held);
        }

        (holder.Name, holder.Sequence, holder.Free, holder.LastHeard) = (state.Name, state.Sequence, state.Free, now);
        if (!holder.Takes(state.Kinds.AsSpan()))
        {
            _pool.Remove(holder);
            holder.Take(state.Kinds.AsSpan());
        }

        _pool.Update(holder, now);
        return seen;
    }

    /// <summary>Assigns waiting leases to the workers that can accept most, oldest lease first.</summary>
    public IReadOnlyList<Assignment<TWorker, TKey>> Match(TimeSpan now)
    {
        List<Assignment<TWorker, TKey>> matched = [];
        foreach ((int kind, LinkedList<Lease<TWorker, TKey>> queue) in _waiting)
        {
            LinkedListNode<Lease<TWorker, TKey>>? place = queue.First;
            while (place is not null && _pool.Available(kind) > 0)
            {
                Lease<TWorker, TKey> lease = place.Value;
                place = place.Next;
                if (Choose(lease) is { } holder)
                {
                    Give(lease, holder, now);
                    matched.Add(Assign(lease, holder));
                }
            }
        }

        return matched;
    }

    /// <summary>A unit has arrived, for whichever attempt; repeated ones change nothing.</summary>
    /// <returns>A worker that can stop, if the last missing unit was delivered for another attempt than its own.</returns>
    public LeaseOutcome<TWorker, TKey> Arrived(Grant<TKey> from, int unit, TimeSpan now)
    {
        if (!_leases.TryGetValue(from.Key, out Lease<TWorker, TKey>? lease) || !lease.IsMissing(unit))
        {
            return Nothing;
        }

        bool own = lease.Attempt == from.Attempt;
        if (lease.Holder is { } holder)
        {
            holder.Unseen -= lease.Seen ? 0 : 1;
            if (own)
            {
                (holder.Faults, holder.LastHeard, lease.Deadline) = (0, now, now + rules.Timeout);
                holder.Overdue.Clear();
            }

            _pool.Update(holder, now);
        }
        else
        {
            _waitingUnits -= rules.Whole ? 0 : 1;
        }

        lease.Arrived(unit);
        if (lease.Missing.Length > 0)
        {
            return Nothing;
        }

        LeaseOutcome<TWorker, TKey> outcome = lease.Holder is { } late && !own ? Cancel(late, lease) : Nothing;
        Remove(lease, now);
        return outcome;
    }

    /// <summary>The worker has computed more for a lease: its deadline is extended.</summary>
    /// <returns>True if that is news.</returns>
    public bool Progress(TWorker worker, Grant<TKey> grant, long steps, TimeSpan now)
    {
        if (Held(worker, grant) is not { } lease || steps <= lease.Steps)
        {
            return false;
        }

        // The first report sets the worker's count; a higher count later shows that it works.
        bool works = lease.Steps != long.MinValue;
        (lease.Steps, lease.Deadline) = (steps, now + rules.Timeout);
        LeaseHolder<TWorker, TKey> holder = lease.Holder!;
        (holder.Faults, holder.LastHeard) = (works ? 0 : holder.Faults, now);
        holder.Overdue.Clear();
        _pool.Update(holder, now);
        return true;
    }

    /// <summary>The worker has done something for one of its leases: the deadlines of all of them are extended.</summary>
    public void Alive(TWorker worker, TimeSpan now)
    {
        if (!_workers.TryGetValue(worker, out LeaseHolder<TWorker, TKey>? holder))
        {
            return;
        }

        foreach (Lease<TWorker, TKey> lease in holder.Leases.Values)
        {
            lease.Deadline = now + rules.Timeout;
        }

        (holder.Faults, holder.LastHeard) = (0, now);
        holder.Overdue.Clear();
        _pool.Update(holder, now);
    }

    /// <summary>Drops every lease; <see cref="IsDrained"/> is true once the workers have ended theirs.</summary>
    public LeaseOutcome<TWorker, TKey> Close(TimeSpan now)
    {
        ImmutableArray<Cancellation<TWorker, TKey>>.Builder cancelled = ImmutableArray.CreateBuilder<Cancellation<TWorker, TKey>>();
        foreach (LeaseHolder<TWorker, TKey> holder in _workers.Values.Where(holder => holder.Leases.Count > 0))
        {
            // The book does not wait for a worker that does not react to its cancelled leases.
            if (!holder.IsSuspect)
            {
                _awaited.Add(holder.Worker);
            }

            foreach (Lease<TWorker, TKey> lease in holder.Leases.Values)
            {
                cancelled.AddRange(Cancel(holder, lease).Cancelled);
                holder.Overdue.Add(lease.Grant);
            }
        }

        foreach (Lease<TWorker, TKey> lease in _leases.Values.ToArray())
        {
            Remove(lease, now);
        }

        return new LeaseOutcome<TWorker, TKey> { Cancelled = cancelled.ToImmutable() };
    }

    /// <summary>True if no worker runs a lease that <see cref="Close"/> has dropped.</summary>
    public bool IsDrained => _awaited.Count == 0;

    private Lease<TWorker, TKey>? Held(TWorker worker, Grant<TKey> grant) =>
        _leases.TryGetValue(grant.Key, out Lease<TWorker, TKey>? lease)
        && lease.Attempt == grant.Attempt
        && lease.Holder is { } holder
        && holder.Worker.Equals(worker)
            ? lease
            : null;

    private ImmutableArray<int> ToDo(Lease<TWorker, TKey> lease) => rules.Whole ? lease.Units : lease.Missing;

    private int Size(Lease<TWorker, TKey> lease) => ToDo(lease).Length;

    private Assignment<TWorker, TKey> Assign(Lease<TWorker, TKey> lease, LeaseHolder<TWorker, TKey> holder) =>
        new(holder.Worker, lease.Key, lease.Attempt, ToDo(lease));

    private static LeaseOutcome<TWorker, TKey> Cancel(LeaseHolder<TWorker, TKey> holder, Lease<TWorker, TKey> lease) =>
        new() { Cancelled = [new Cancellation<TWorker, TKey>(holder.Worker, lease.Key, lease.Attempt)] };
}
