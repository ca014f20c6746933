using System.Collections.Immutable;

namespace ICPO.Actors.Leasing;

/// <summary>A lease that has not ended: it waits, or a worker has it.</summary>
/// <param name="key">Identifies it.</param>
/// <param name="kind">Its kind.</param>
/// <param name="units">All of its units, ascending.</param>
/// <param name="order">Its age.</param>
internal sealed class Lease<TWorker, TKey>(TKey key, int kind, ImmutableArray<int> units, long order)
    where TWorker : notnull
    where TKey : notnull
{
    public TKey Key { get; } = key;

    public int Kind { get; } = kind;

    /// <summary>Its age: the smaller, the older.</summary>
    public long Order { get; } = order;

    /// <summary>All of its units, ascending.</summary>
    public ImmutableArray<int> Units { get; } = units;

    /// <summary>Units that have not arrived, ascending.</summary>
    public ImmutableArray<int> Missing { get; private set; } = units;

    /// <summary>The number of the current attempt, or of the next one if it waits.</summary>
    public int Attempt { get; set; }

    /// <summary>Attempts that failed.</summary>
    public int Failures { get; set; }

    /// <summary>Workers that have failed it; null before the first.</summary>
    public HashSet<TWorker>? FailedBy { get; private set; }

    /// <summary>Its place in the queue; null if a worker has it.</summary>
    public LinkedListNode<Lease<TWorker, TKey>>? Place { get; set; }

    /// <summary>The worker that has it; null if it waits.</summary>
    public LeaseHolder<TWorker, TKey>? Holder { get; set; }

    public TimeSpan Sent { get; set; }

    public TimeSpan Deadline { get; set; }

    /// <summary>The progress that its worker reported last.</summary>
    public long Steps { get; set; } = long.MinValue;

    /// <summary>True once its worker has reported it, so that the worker's free units already exclude it.</summary>
    public bool Seen { get; set; }

    public Grant<TKey> Grant => new(Key, Attempt);

    public bool IsMissing(int unit) => Missing.BinarySearch(unit) >= 0;

    public void Arrived(int unit) => Missing = Missing.RemoveAt(Missing.BinarySearch(unit));

    public void AddFailure(TWorker worker) => (FailedBy ??= []).Add(worker);
}

/// <summary>The book's record of a worker.</summary>
internal sealed class LeaseHolder<TWorker, TKey>(TWorker worker, int ordinal)
    where TWorker : notnull
    where TKey : notnull
{
    public TWorker Worker { get; } = worker;

    /// <summary>Order of first demand; decides between equal demands.</summary>
    public int Ordinal { get; } = ordinal;

    public string Name { get; set; } = "";

    public long Sequence { get; set; } = long.MinValue;

    /// <summary>Kinds of leases that it accepts.</summary>
    public int[] Kinds { get; private set; } = [];

    /// <summary>Its places in the pool, one per kind.</summary>
    public LinkedListNode<LeaseHolder<TWorker, TKey>>[] Places { get; private set; } = [];

    /// <summary>Free units as it said last.</summary>
    public int Free { get; set; }

    /// <summary>Units given since, which its free units do not count yet.</summary>
    public int Unseen { get; set; }

    public Dictionary<TKey, Lease<TWorker, TKey>> Leases { get; } = [];

    /// <summary>Leases that expired with it and that it has not ended: it is suspect while there are any.</summary>
    public HashSet<Grant<TKey>> Overdue { get; } = [];

    /// <summary>Faults in a row.</summary>
    public int Faults { get; set; }

    public string? LastFault { get; set; }

    /// <summary>The time before which it gets no lease.</summary>
    public TimeSpan RestsUntil { get; set; }

    public TimeSpan LastHeard { get; set; }

    /// <summary>The units it was counted with in the pool; null if it is not in it.</summary>
    public int? Pooled { get; set; }

    public int Available => Free - Unseen;

    /// <summary>True if it accepts these kinds of leases.</summary>
    public bool Takes(ReadOnlySpan<int> kinds) => kinds.SequenceEqual(Kinds);

    /// <summary>Replaces the kinds of leases that it accepts, while it is not in the pool.</summary>
    public void Take(ReadOnlySpan<int> kinds)
    {
        Kinds = kinds.ToArray();
        Places = [.. Kinds.Select(_ => new LinkedListNode<LeaseHolder<TWorker, TKey>>(this))];
    }

    public bool IsSuspect => Overdue.Count > 0;
}
