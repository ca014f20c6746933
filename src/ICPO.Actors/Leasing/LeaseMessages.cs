using System.Collections.Immutable;

namespace ICPO.Actors.Leasing;

/// <summary>One giving of a lease: what a worker holds.</summary>
public readonly record struct Grant<TKey>(TKey Key, int Attempt);

/// <summary>A lease to send to a worker.</summary>
/// <param name="Worker">Who gets it.</param>
/// <param name="Key">Which lease.</param>
/// <param name="Attempt">How often it was given before.</param>
/// <param name="Units">What is to be done, ascending.</param>
public sealed record Assignment<TWorker, TKey>(TWorker Worker, TKey Key, int Attempt, ImmutableArray<int> Units);

/// <summary>A lease that its worker is to stop.</summary>
public sealed record Cancellation<TWorker, TKey>(TWorker Worker, TKey Key, int Attempt);

/// <summary>A lease that is not given again.</summary>
/// <param name="Key">Which lease.</param>
/// <param name="Units">What of it has not arrived.</param>
/// <param name="Reason">Why the last attempt failed.</param>
public sealed record GivenUp<TKey>(TKey Key, ImmutableArray<int> Units, string Reason);

/// <summary>What follows for workers and leases from something that happened.</summary>
public sealed record LeaseOutcome<TWorker, TKey>
{
    public ImmutableArray<Assignment<TWorker, TKey>> Repeated { get; init; } = [];

    public ImmutableArray<Cancellation<TWorker, TKey>> Cancelled { get; init; } = [];

    public ImmutableArray<GivenUp<TKey>> GivenUp { get; init; } = [];
}

/// <summary>What a worker says about itself; see <see cref="LeaseBook{TWorker,TKey}.Demand"/>.</summary>
/// <param name="Name">For people.</param>
/// <param name="Sequence">Ascending; an older one is ignored.</param>
/// <param name="Free">Units that it can begin.</param>
/// <param name="Kinds">Kinds of leases that it takes.</param>
/// <param name="Held">What it holds.</param>
public sealed record WorkerState<TKey>(string Name, long Sequence, int Free, ImmutableArray<int> Kinds, ImmutableArray<Grant<TKey>> Held);
