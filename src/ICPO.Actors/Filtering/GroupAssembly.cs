using System.Collections.Immutable;
using ICPO.Actors.Contracts.Groups;
using ICPO.Actors.Contracts.Identity;

namespace ICPO.Actors.Filtering;

/// <summary>A group that is being assembled. A rollout counts once, however often it arrives.</summary>
public sealed class GroupAssembly(GroupSpec spec)
{
    private readonly SortedDictionary<(Origin, int), JudgedRollout> _judged = [];
    private readonly HashSet<RolloutId> _failed = [];

    public GroupSpec Spec { get; } = spec;

    /// <summary>Members with a verdict: policy rollouts by sibling, then expert rollouts by sibling.</summary>
    public ImmutableArray<JudgedRollout> Judged => [.. _judged.Values];

    public ImmutableArray<RolloutId> Failed => [.. _failed];

    public bool IsComplete => _judged.Count + _failed.Count == Spec.Size;

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

    /// <summary>False where the rollout is already known.</summary>
    public bool Add(JudgedRollout member)
    {
        RolloutId id = member.Rollout.Id;
        return !_failed.Contains(id) && _judged.TryAdd((id.Origin, id.Sibling), member);
    }

    /// <summary>False where the rollout is already known.</summary>
    public bool Fail(RolloutId id) => !_judged.ContainsKey((id.Origin, id.Sibling)) && _failed.Add(id);
}
