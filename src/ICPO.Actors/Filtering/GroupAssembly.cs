using System.Collections.Immutable;
using ICPO.Actors.Contracts.Dispatching;
using ICPO.Actors.Contracts.Groups;
using ICPO.Actors.Contracts.Identity;
using ICPO.Actors.Contracts.Rollouts;
using ICPO.Actors.Planning;

namespace ICPO.Actors.Filtering;

/// <summary>The result of adding a rollout.</summary>
internal enum Arrival
{
    /// <summary>It is the first of its sibling.</summary>
    Accepted,

    /// <summary>The same one has arrived before: a repeated message.</summary>
    Repeated,

    /// <summary>Its sibling has arrived from another attempt, or was given up.</summary>
    Superseded,
}

/// <summary>
/// A group that is being assembled. A rollout counts once, however often it arrives. Every rollout is checked against the plan; nothing
/// that a worker reports is trusted.
/// </summary>
public sealed class GroupAssembly(GroupPlan plan)
{
    private readonly SortedDictionary<(Origin, int), JudgedRollout> _judged = [];
    private readonly Dictionary<RolloutId, Rollout> _unjudged = [];
    private readonly HashSet<RolloutId> _failed = [];
    private readonly HashSet<(RolloutId, int Attempt)> _seen = [];

    public GroupSpec Spec => plan.Spec;

    /// <summary>Members with a verdict: policy rollouts by sibling, then expert rollouts by sibling.</summary>
    public ImmutableArray<JudgedRollout> Judged => [.. _judged.Values];

    public ImmutableArray<RolloutId> Failed => [.. _failed];

    public bool IsComplete => _judged.Count + _failed.Count == Spec.Size;

    /// <summary>Which rollouts arrived, and from which attempts.</summary>
    internal IReadOnlySet<(RolloutId, int Attempt)> Seen => _seen;

    /// <summary>The rollouts of the same generation request, once all of them are judged; empty before.</summary>
    public ImmutableArray<JudgedRollout> Request(RolloutId id)
    {
        ImmutableArray<JudgedRollout> made =
        [
            .. _judged.Values.Where(member =>
                member.Rollout.Origin == id.Origin && (id.Origin == Origin.Policy || member.Rollout.Id == id)
            ),
        ];
        return made.Length == (id.Origin == Origin.Policy ? Spec.PolicyRollouts : 1) ? made : [];
    }

    /// <summary>The reason why a rollout does not match the plan; null if it does.</summary>
    public string? Fault(Rollout rollout)
    {
        RolloutId id = rollout.Id;
        if (FindLease(id) is not { } asked)
        {
            return $"no lease contains rollout {id}";
        }

        if (asked.SeedOf(id.Sibling) != rollout.Seed)
        {
            return $"rollout {id} was sampled with a different seed than that of its lease";
        }

        int tokens = rollout.Tokens.Length;
        return rollout.LogProbs.Length == tokens && rollout.Versions.Length == tokens
            ? null
            : $"rollout {id} has {tokens} tokens, {rollout.LogProbs.Length} log-probabilities and {rollout.Versions.Length} versions";
    }

    /// <summary>The lease of a rollout, with the core's current number.</summary>
    public LeaseId LeaseOf(RolloutId id, int attempt) => FindLease(id)!.Id with { Attempt = attempt };

    /// <summary>Adds a rollout, which then waits for its verdict.</summary>
    internal Arrival Arrive(LeaseId lease, Rollout rollout)
    {
        RolloutId id = rollout.Id;
        if (!_seen.Add((id, lease.Attempt)))
        {
            return Arrival.Repeated;
        }

        if (Knows(id))
        {
            return Arrival.Superseded;
        }

        _unjudged.Add(id, FindLease(id)!.Complete(rollout));
        return Arrival.Accepted;
    }

    /// <summary>A rollout that has arrived and waits for its verdict.</summary>
    public Rollout Waiting(RolloutId id) => _unjudged[id];

    /// <summary>The verdict of a rollout that has arrived; null if none waits for it.</summary>
    public JudgedRollout? Judge(RolloutId id, Judgment judgment)
    {
        if (!_unjudged.Remove(id, out Rollout? rollout))
        {
            return null;
        }

        var judged = new JudgedRollout(rollout, judgment);
        _judged.Add((id.Origin, id.Sibling), judged);
        return judged;
    }

    /// <summary>Adds a rollout that has its verdict already. False if it is known.</summary>
    public bool Add(JudgedRollout member)
    {
        RolloutId id = member.Rollout.Id;
        return !Knows(id) && _judged.TryAdd((id.Origin, id.Sibling), member);
    }

    /// <summary>False if the rollout has arrived, or is known to have failed.</summary>
    public bool Fail(RolloutId id) => !Knows(id) && _failed.Add(id);

    private bool Knows(RolloutId id) => _unjudged.ContainsKey(id) || _judged.ContainsKey((id.Origin, id.Sibling)) || _failed.Contains(id);

    private PlannedLease? FindLease(RolloutId id)
    {
        foreach (PlannedLease lease in plan.Leases)
        {
            if (lease.Id.Origin == id.Origin && lease.SeedOf(id.Sibling) is not null)
            {
                return id.Group == Spec.Id ? lease : null;
            }
        }

        return null;
    }
}
