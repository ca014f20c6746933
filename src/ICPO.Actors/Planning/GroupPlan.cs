using System.Collections.Immutable;
using ICPO.Actors.Contracts.Dispatching;
using ICPO.Actors.Contracts.Groups;
using ICPO.Actors.Contracts.Identity;
using ICPO.Actors.Contracts.Rollouts;

namespace ICPO.Actors.Planning;

/// <summary>A group and the rollouts to sample for it. It stays in the core: a worker gets only prompts and seeds.</summary>
/// <param name="Spec">The group.</param>
/// <param name="Leases">The rollouts to sample.</param>
/// <param name="Traces">The rollouts that are taken from the data set; correct by definition.</param>
public sealed record GroupPlan(GroupSpec Spec, ImmutableArray<PlannedLease> Leases, ImmutableArray<Rollout> Traces);

/// <summary>Rollouts of one origin that share a prompt.</summary>
public sealed record PlannedLease
{
    /// <summary>Its name at the first attempt.</summary>
    public required LeaseId Id { get; init; }

    /// <summary>Token ids of the whole prompt, demonstrations included.</summary>
    public required ImmutableArray<int> Prompt { get; init; }

    /// <summary>One per sibling, from the first one of <see cref="Id"/> on.</summary>
    public required ImmutableArray<ulong> Seeds { get; init; }

    /// <summary>Names of the demonstrations in the prompt.</summary>
    public ImmutableArray<string> Demonstrations { get; init; } = [];

    /// <summary>The minimum version of the engine's weights at the start.</summary>
    public required PolicyVersion NotBefore { get; init; }

    /// <summary>The siblings, ascending.</summary>
    public IEnumerable<int> Siblings => Enumerable.Range(Id.FirstSibling, Seeds.Length);

    /// <summary>One of its siblings; null if a number is not of this lease.</summary>
    public ulong? SeedOf(int sibling) =>
        sibling >= Id.FirstSibling && sibling < Id.FirstSibling + Seeds.Length ? Seeds[sibling - Id.FirstSibling] : null;

    /// <summary>The lease as sent to a worker.</summary>
    public RolloutLease Lease(LearnerEpoch epoch, int attempt, ImmutableArray<int> siblings) =>
        new()
        {
            Id = Id with { Attempt = attempt },
            Epoch = epoch,
            Prompt = Prompt,
            Siblings = siblings,
            Seeds = [.. siblings.Select(sibling => Seeds[sibling - Id.FirstSibling])],
            NotBefore = NotBefore,
        };
}
