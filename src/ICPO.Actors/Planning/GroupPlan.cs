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

    /// <summary>Tokens at the end of the prompt that belong to the response: the beginning of the question's solution.</summary>
    public ImmutableArray<int> Given { get; init; } = [];

    /// <summary>These tokens as text.</summary>
    public string GivenText { get; init; } = "";

    /// <summary>True if its rollouts train under this prompt, not under the question alone.</summary>
    public bool KeepsContext { get; init; }

    /// <summary>The minimum version of the engine's weights at the start.</summary>
    public required PolicyVersion NotBefore { get; init; }

    /// <summary>The siblings, ascending.</summary>
    public IEnumerable<int> Siblings => Enumerable.Range(Id.FirstSibling, Seeds.Length);

    /// <summary>One of its siblings; null if a number is not of this lease.</summary>
    public ulong? SeedOf(int sibling) =>
        sibling >= Id.FirstSibling && sibling < Id.FirstSibling + Seeds.Length ? Seeds[sibling - Id.FirstSibling] : null;

    /// <summary>
    /// A sampled rollout with what only the core knows. Given tokens that train are part of the response, with behavior probability 1.
    /// </summary>
    public Rollout Complete(Rollout sampled)
    {
        Rollout whole = sampled with
        {
            Demonstrations = Demonstrations,
            PromptLength = Prompt.Length,
            Text = GivenText + sampled.Text,
            Context = KeepsContext ? Prompt : [],
        };
        return KeepsContext || Given.IsEmpty
            ? whole
            : whole with
            {
                Tokens = [.. Given, .. sampled.Tokens],
                LogProbs = [.. new float[Given.Length], .. sampled.LogProbs],
                Versions = [.. Enumerable.Repeat(sampled.OldestVersion.Value, Given.Length), .. sampled.Versions],
                PromptLength = Prompt.Length - Given.Length,
            };
    }

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
