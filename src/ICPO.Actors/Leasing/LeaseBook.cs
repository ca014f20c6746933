using System.Collections.Immutable;

namespace ICPO.Actors.Leasing;

/// <summary>
/// Who has which lease. A lease is given until all of its units have arrived, whoever delivers them; it goes back where its worker makes
/// no progress, fails or ends. Pure: time is an argument. Nothing depends on messages arriving once, in order, or at all: a worker's
/// demand is absolute and names what it holds, so the book repeats what was lost and cancels what is not wanted.
/// </summary>
/// <typeparam name="TWorker">Identifies a worker.</typeparam>
/// <typeparam name="TKey">Identifies a lease.</typeparam>
public sealed partial class LeaseBook<TWorker, TKey>(LeaseRules rules)
    where TWorker : notnull
    where TKey : notnull
{
    private static readonly LeaseOutcome<TWorker, TKey> Nothing = new();
    private readonly Dictionary<TKey, Lease<TWorker, TKey>> _leases = [];
    private readonly Dictionary<TWorker, LeaseHolder<TWorker, TKey>> _workers = [];
    private readonly SortedDictionary<int, LinkedList<Lease<TWorker, TKey>>> _waiting = [];
    private readonly WorkerPool<TWorker, TKey> _pool = new();
    private long _waitingUnits;
    private int _ordinal;
    private long _order;
    private readonly HashSet<TWorker> _awaited = [];

    /// <summary>Leases that have not ended.</summary>
    public int Open => _leases.Count;

    /// <summary>True while a lease has not ended.</summary>
    public bool Contains(TKey key) => _leases.ContainsKey(key);

    /// <summary>Leases that wait for a worker.</summary>
    public int Waiting => _waiting.Values.Sum(queue => queue.Count);

    /// <summary>True where workers of this kind can begin more than waits. A lease is not split, so a worker may get more than it can
    /// begin; that surplus does not reduce the demand of the other workers.</summary>
    public bool Wants(int kind) => _pool.Available(kind) > _waitingUnits;

    /// <summary>Adds a lease to the end of its queue.</summary>
    public void Add(TKey key, int kind, IEnumerable<int> units)
    {
        var lease = new Lease<TWorker, TKey>(key, kind, units, _order++);
        _leases.Add(key, lease);
        Enqueue(lease, atFront: false);
    }

    /// <summary>Replaces what is known of a worker.</summary>
    /// <returns>Leases that it seems to have missed, to be sent again, and what it holds without need.</returns>
    public LeaseOutcome<TWorker, TKey> Demand(TWorker worker, WorkerState<TKey> state, TimeSpan now)
    {
        if (!_workers.TryGetValue(worker, out LeaseHolder<TWorker, TKey>? holder))
        {
            _workers[worker] = holder = new LeaseHolder<TWorker, TKey>(worker, _ordinal++);
        }

        if (state.Sequence <= holder.Sequence)
        {
            return Nothing;
        }

        HashSet<Grant<TKey>> held = [.. state.Held];
        foreach (Lease<TWorker, TKey> lease in holder.Leases.Values)
        {
            lease.Seen = held.Contains(lease.Grant);
        }

        _pool.Change(
            holder,
            changed =>
            {
                (changed.Name, changed.Sequence, changed.Free) = (state.Name, state.Sequence, state.Free);
                changed.LastHeard = now;
                changed.Take(state.Kinds.AsSpan());
                changed.Overdue.IntersectWith(held);
                changed.Unseen = changed.Leases.Values.Where(lease => !lease.Seen).Sum(lease => lease.Missing.Count);
            },
            now
        );
        if (!holder.IsSuspect)
        {
            _awaited.Remove(worker);
        }

        return new LeaseOutcome<TWorker, TKey>
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

    /// <summary>Gives waiting leases to the workers that can take most, oldest lease first.</summary>
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
    /// <returns>A worker that need not go on, where the last missing unit was delivered for another attempt than its own.</returns>
    public LeaseOutcome<TWorker, TKey> Arrived(Grant<TKey> from, int unit, TimeSpan now)
    {
        if (!_leases.TryGetValue(from.Key, out Lease<TWorker, TKey>? lease) || !lease.Missing.Contains(unit))
        {
            return Nothing;
        }

        bool own = lease.Attempt == from.Attempt;
        if (lease.Holder is { } holder)
        {
            _pool.Change(
                holder,
                changed =>
                {
                    changed.Unseen -= lease.Seen ? 0 : 1;
                    if (own)
                    {
                        (changed.Faults, changed.LastHeard) = (0, now);
                        changed.Overdue.Clear();
                    }
                },
                now
            );
            lease.Deadline = own ? now + rules.Timeout : lease.Deadline;
        }
        else
        {
            _waitingUnits -= rules.Whole ? 0 : 1;
        }

        lease.Missing.Remove(unit);
        if (lease.Missing.Count > 0)
        {
            return Nothing;
        }

        LeaseOutcome<TWorker, TKey> outcome = lease.Holder is { } late && !own ? Cancel(late, lease) : Nothing;
        Remove(lease, now);
        return outcome;
    }

    /// <summary>The worker has computed more for a lease: its deadline is extended.</summary>
    /// <returns>True where that is news.</returns>
    public bool Progress(TWorker worker, Grant<TKey> grant, long steps, TimeSpan now)
    {
        if (Held(worker, grant) is not { } lease || steps <= lease.Steps)
        {
            return false;
        }

        (lease.Steps, lease.Deadline) = (steps, now + rules.Timeout);
        _pool.Change(
            lease.Holder!,
            changed =>
            {
                changed.Overdue.Clear();
                changed.LastHeard = now;
            },
            now
        );
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

        _pool.Change(
            holder,
            changed =>
            {
                changed.Faults = 0;
                changed.Overdue.Clear();
                changed.LastHeard = now;
            },
            now
        );
    }

    /// <summary>Drops every lease; <see cref="IsDrained"/> is true once the workers have ended theirs.</summary>
    public LeaseOutcome<TWorker, TKey> Close(TimeSpan now)
    {
        ImmutableArray<Cancellation<TWorker, TKey>>.Builder cancelled = ImmutableArray.CreateBuilder<Cancellation<TWorker, TKey>>();
        foreach (LeaseHolder<TWorker, TKey> holder in _workers.Values.Where(holder => holder.Leases.Count > 0))
        {
            // A worker that does not react to its cancelled leases is not waited for.
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

    /// <summary>True where no worker runs a lease that <see cref="Close"/> has dropped.</summary>
    public bool IsDrained => _awaited.Count == 0;

    private Lease<TWorker, TKey>? Held(TWorker worker, Grant<TKey> grant) =>
        _leases.TryGetValue(grant.Key, out Lease<TWorker, TKey>? lease)
        && lease.Attempt == grant.Attempt
        && lease.Holder is { } holder
        && holder.Worker.Equals(worker)
            ? lease
            : null;

    private ImmutableArray<int> ToDo(Lease<TWorker, TKey> lease) => rules.Whole ? [.. lease.Units] : [.. lease.Missing];

    private int Size(Lease<TWorker, TKey> lease) => rules.Whole ? lease.Units.Count : lease.Missing.Count;

    private Assignment<TWorker, TKey> Assign(Lease<TWorker, TKey> lease, LeaseHolder<TWorker, TKey> holder) =>
        new(holder.Worker, lease.Key, lease.Attempt, ToDo(lease));

    private static LeaseOutcome<TWorker, TKey> Cancel(LeaseHolder<TWorker, TKey> holder, Lease<TWorker, TKey> lease) =>
        new() { Cancelled = [new Cancellation<TWorker, TKey>(holder.Worker, lease.Key, lease.Attempt)] };
}
