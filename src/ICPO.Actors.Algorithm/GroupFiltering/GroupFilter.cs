using System.Collections.Immutable;
using ICPO.Actors.Algorithm.ExpertMixing;
using ICPO.Actors.Contracts.Groups;
using ICPO.Actors.Contracts.Identity;

namespace ICPO.Actors.Algorithm.GroupFiltering;

/// <summary>
/// Forms training groups: expert region reject sampling (ICPO §3.3) and dynamic sampling (DAPO). Every rollout of the group
/// ends in exactly one of members and dropped, and the same rollouts give the same decision in any order of arrival.
/// </summary>
public static class GroupFilter
{
    /// <summary>
    /// Decides a complete group. By default a kept expert rollout replaces a random policy rollout, with and without reject sampling, so
    /// arms train on groups of N_on members; an expert rollout without a policy rollout left to replace is dropped as
    /// <see cref="DropReason.OutsideExpertRegion"/>. A group of expert rollouts alone (N_on = 0) replaces nothing and may have one member.
    /// </summary>
    /// <param name="spec">The group.</param>
    /// <param name="judged">Its judged rollouts, in any order.</param>
    /// <param name="failed">Its rollouts that failed.</param>
    /// <param name="expert">Region threshold δ, whether rollouts outside of it are dropped, and which groups use expert rollouts.</param>
    /// <param name="group">Dynamic sampling and the kind of advantage.</param>
    /// <param name="seed">The run's seed; with the group's id it determines which policy rollouts are replaced.</param>
    /// <exception cref="ArgumentException">A rollout is of another group, occurs twice, or is missing.</exception>
    public static GroupDecision Decide(
        GroupSpec spec,
        ImmutableArray<JudgedRollout> judged,
        ImmutableArray<RolloutId> failed,
        ExpertSettings expert,
        GroupSettings group,
        ulong seed
    )
    {
        ArgumentNullException.ThrowIfNull(spec);
        ArgumentNullException.ThrowIfNull(expert);
        ArgumentNullException.ThrowIfNull(group);
        RequireComplete(spec, judged, failed);

        List<DroppedRollout> dropped = [.. failed.Select(id => new DroppedRollout(id, 0, DropReason.GenerationFailed))];
        List<JudgedRollout> policy = [];
        List<JudgedRollout> experts = [];
        foreach (JudgedRollout rollout in judged.OrderBy(r => r.Rollout.Id.Sibling))
        {
            if (rollout.Judgment.IsFault)
            {
                dropped.Add(Drop(rollout, DropReason.VerifierFault));
            }
            else if (rollout.Rollout.Origin == Origin.Policy)
            {
                policy.Add(rollout);
            }
            else if (!expert.RejectSampling || ExpertRegion.Contains(rollout.Judgment, expert.RegionThreshold))
            {
                experts.Add(rollout);
            }
            else
            {
                dropped.Add(Drop(rollout, DropReason.OutsideExpertRegion));
            }
        }

        bool mixed = spec.PolicyRollouts > 0;
        int used =
            mixed && !IsExpertNeeded(spec, policy, expert) ? 0
            : expert.MaxAccepted > 0 ? Math.Min(expert.MaxAccepted, experts.Count)
            : experts.Count;
        dropped.AddRange(experts.Skip(used).Select(e => Drop(e, DropReason.ExpertNotNeeded)));
        experts.RemoveRange(used, experts.Count - used);
        bool expertsAlone = !mixed || (expert.Replaces == ExpertReplacement.All && used > 0);
        if (mixed && expertsAlone)
        {
            dropped.AddRange(policy.Select(p => Drop(p, DropReason.ReplacedByExpert)));
            policy.Clear();
        }
        else if (mixed && expert.Replaces == ExpertReplacement.One)
        {
            Replace(policy, experts, dropped, new RandomStream(Seed.Derive(Seed.Derive(seed, "replaced-by-expert"), (ulong)spec.Id.Value)));
        }

        ImmutableArray<JudgedRollout> members = [.. policy, .. experts];
        bool mayLackSignal = group.DynamicSampling && group.Advantage.IsRelative && !(mixed && expertsAlone);
        GroupRejection? rejection =
            judged.IsEmpty ? GroupRejection.GenerationFailed
            : members.Length < (expertsAlone ? 1 : 2) ? GroupRejection.TooFewVerdicts
            : mayLackSignal && HaveEqualRewards(members) ? GroupRejection.NoSignal
            : null;
        if (rejection is { } reason)
        {
            dropped.AddRange(members.Select(m => Drop(m, DropReason.GroupRejected)));
            return new GroupDecision.Reject(reason, Sorted(dropped));
        }

        return new GroupDecision.Admit(
            new TrainingGroup
            {
                Spec = spec,
                Members = members,
                Dropped = Sorted(dropped),
            }
        );
    }

    /// <summary>True if the warm-up is over and, where only failed groups use expert rollouts, the policy failed.</summary>
    private static bool IsExpertNeeded(GroupSpec spec, List<JudgedRollout> policy, ExpertSettings expert) =>
        spec.DispatchedAt.Value >= expert.WarmupUpdates
        && (
            expert.When == ExpertUse.Always
            || policy.Count(p => ExpertRegion.Contains(p.Judgment, expert.RegionThreshold)) <= expert.FailedAtMost
        );

    private static void Replace(List<JudgedRollout> policy, List<JudgedRollout> experts, List<DroppedRollout> dropped, RandomStream random)
    {
        int places = Math.Min(experts.Count, policy.Count);
        for (int i = 0; i < places; i++)
        {
            int place = random.NextInt(policy.Count);
            dropped.Add(Drop(policy[place], DropReason.ReplacedByExpert));
            policy.RemoveAt(place);
        }

        dropped.AddRange(experts.Skip(places).Select(e => Drop(e, DropReason.OutsideExpertRegion)));
        experts.RemoveRange(places, experts.Count - places);
    }

    private static bool HaveEqualRewards(ImmutableArray<JudgedRollout> members) =>
        members.All(m => m.Judgment.Reward!.Value.Equals(members[0].Judgment.Reward!.Value));

    private static DroppedRollout Drop(JudgedRollout rollout, DropReason reason) =>
        new(rollout.Rollout.Id, rollout.Rollout.Tokens.Length, reason);

    private static ImmutableArray<DroppedRollout> Sorted(List<DroppedRollout> dropped) =>
        [.. dropped.OrderBy(d => d.Id.Origin).ThenBy(d => d.Id.Sibling)];

    private static void RequireComplete(GroupSpec spec, ImmutableArray<JudgedRollout> judged, ImmutableArray<RolloutId> failed)
    {
        HashSet<RolloutId> seen = [];
        foreach (RolloutId id in judged.Select(r => r.Rollout.Id).Concat(failed))
        {
            int siblings = id.Origin == Origin.Policy ? spec.PolicyRollouts : spec.ExpertRollouts;
            if (id.Group != spec.Id || id.Sibling < 0 || id.Sibling >= siblings)
            {
                throw new ArgumentException(
                    $"Rollout {id} is not part of group {spec.Id}, "
                        + $"which has {spec.PolicyRollouts} policy and {spec.ExpertRollouts} expert rollouts.",
                    nameof(judged)
                );
            }

            if (!seen.Add(id))
            {
                throw new ArgumentException(
                    $"Rollout {id} was given twice; keep the first and drop the other as {DropReason.Superseded}.",
                    nameof(judged)
                );
            }
        }

        if (seen.Count != spec.Size)
        {
            throw new ArgumentException(
                $"Group {spec.Id} has {spec.Size} rollouts, but {judged.Length} are judged and {failed.Length} failed; "
                    + "decide once all have ended.",
                nameof(judged)
            );
        }
    }
}
