using System.Collections.Immutable;
using ICPO.Actors.Algorithm.Advantages;
using ICPO.Actors.Algorithm.ExpertMixing;
using ICPO.Actors.Algorithm.GroupFiltering;
using ICPO.Actors.Contracts.Groups;
using ICPO.Actors.Contracts.Identity;
using ICPO.Actors.Contracts.Policies;

namespace ICPO.Actors.Algorithm.Batches;

/// <summary>
/// Assembles an update's batch from its groups: the annealed bonus at the update that consumes them, then advantages over the union of
/// each group. A pure function, so that a batch that is assembled again after a restart is the same batch.
/// </summary>
public sealed class BatchAssembler(GroupSettings group, ExpertSettings expert, long updates)
{
    public AssembledBatch Assemble(PolicyVersion from, ImmutableArray<TrainingGroup> groups)
    {
        ImmutableArray<ScoredGroup> scored = ScaleByBatch([.. groups.Select(member => Score(from, member))]);
        ImmutableArray<TrainingSequence> sequences =
        [
            .. scored.SelectMany(entry =>
                entry.Group.Members.Select(
                    (member, index) =>
                        new TrainingSequence
                        {
                            Id = member.Rollout.Id,
                            Prompt = member.Rollout.Context.IsEmpty ? entry.Group.Spec.Prompt : member.Rollout.Context,
                            TeacherPrompt = member.Rollout.Origin == Origin.Policy ? entry.Group.Spec.TeacherPrompt : [],
                            KeepsContext = !member.Rollout.Context.IsEmpty,
                            Response = member.Rollout.Tokens,
                            BehaviorLogProbs = member.Rollout.LogProbs,
                            Versions = member.Rollout.Versions,
                            Advantage = entry.Advantages[index],
                            Reward = entry.Rewards[index],
                        }
                )
            ),
        ];
        return new AssembledBatch(new TrainingBatch(from, sequences), scored);
    }

    private ScoredGroup Score(PolicyVersion from, TrainingGroup member)
    {
        double[] rewards = ExpertBonus.Rewards(member, expert, from.Value, updates);
        for (int i = 0; i < rewards.Length; i++)
        {
            rewards[i] -= OverlongPenalty.Of(member.Members[i].Rollout.Tokens.Length, group.ResponseLimit, group.OverlongShare);
        }

        Origin[] origins = [.. member.Members.Select(m => m.Rollout.Origin)];
        bool[] isBaseline = [.. origins.Select(origin => group.Baseline == BaselineMembers.Union || origin == Origin.Policy)];
        double[] advantages = group.Advantage.Compute(rewards, isBaseline, group.AdvantageEpsilon);
        NegativeWeighting.Apply(advantages, origins, group.NegativeWeight);
        return new ScoredGroup(member, [.. rewards], [.. advantages]);
    }

    private ImmutableArray<ScoredGroup> ScaleByBatch(ImmutableArray<ScoredGroup> scored)
    {
        double divisor = group.Advantage.BatchDivisor([.. scored.SelectMany(entry => entry.Rewards)], group.AdvantageEpsilon);
        return divisor == 1
            ? scored
            : [.. scored.Select(entry => entry with { Advantages = [.. entry.Advantages.Select(advantage => advantage / divisor)] })];
    }
}

/// <summary>A group with shaped rewards and advantages, one per member.</summary>
public sealed record ScoredGroup(TrainingGroup Group, ImmutableArray<double> Rewards, ImmutableArray<double> Advantages);

/// <summary>The batch of an update, and its groups.</summary>
public sealed record AssembledBatch(TrainingBatch Batch, ImmutableArray<ScoredGroup> Groups);
