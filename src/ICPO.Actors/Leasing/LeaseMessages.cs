using System.Collections.Immutable;

namespace ICPO.Actors.Leasing;

/// <summary>One attempt of a lease, as a worker has it.</summary>
public readonly record struct Grant<TKey>(TKey Key, int Attempt);

/// <summary>A lease to send to a worker.</summary>
/// <param name="Worker">The worker that gets it.</param>
/// <param name="Key">Which lease.</param>
/// <param name="Attempt">The number of earlier attempts.</param>
/// <param name="Units">The units to complete, ascending.</param>
public sealed record Assignment<TWorker, TKey>(TWorker Worker, TKey Key, int Attempt, ImmutableArray<int> Units);

/// <summary>A lease that its worker is to stop.</summary>
public sealed record Cancellation<TWorker, TKey>(TWorker Worker, TKey Key, int Attempt);

/// <summary>A lease that is not given again.</summary>
/// <param name="Key">Which lease.</param>
/// <param name="Units">The units that have not arrived.</param>
/// <param name="Reason">The reason why the last attempt failed.</param>
public sealed record GivenUp<TKey>(TKey Key, ImmutableArray<int> Units, string Reason);

/// <summary>The consequences of an event for workers and leases.</summary>
public sealed record LeaseOutcome<TWorker, TKey>
{
    public ImmutableArray<Assignment<TWorker, TKey>> Repeated { get; init; } = [];

    public ImmutableArray<Cancellation<TWorker, TKey>> Cancelled { get; init; } = [];

    public ImmutableArray<GivenUp<TKey>> GivenUp { get; init; } = [];
}

/// <summary>The report of a worker; see <see cref="LeaseBook{TWorker,TKey}.Demand"/>.</summary>
/// <param name="Name">The display name.</param>
/// <param name="Sequence">Ascending; an older one is ignored.</param>
/// <param name="Free">Units that it can start.</param>
/// <param name="Kinds">Kinds of leases that it accepts.</param>
/// <param name="Held">The leases that it has.</param>
public sealed record WorkerState<TKey>(string Name, long Sequence, int Free, ImmutableArray<int> Kinds, ImmutableArray<Grant<TKey>> Held);
