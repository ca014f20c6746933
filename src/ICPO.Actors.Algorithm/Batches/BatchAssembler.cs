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
        ImmutableArray<ScoredGroup> scored = [.. groups.Select(member => Score(from, member))];
        ImmutableArray<TrainingSequence> sequences =
        [
            .. scored.SelectMany(entry =>
                entry.Group.Members.Select(
                    (member, index) =>
                        new TrainingSequence
                        {
                            Id = member.Rollout.Id,
                            Prompt = entry.Group.Spec.Prompt,
                            Response = member.Rollout.Tokens,
                            BehaviorLogProbs = member.Rollout.LogProbs,
                            Versions = member.Rollout.Versions,
                            Advantage = entry.Advantages[index],
                        }
                )
            ),
        ];
        return new AssembledBatch(new TrainingBatch(from, sequences), scored);
    }

    private ScoredGroup Score(PolicyVersion from, TrainingGroup member)
    {
        double[] rewards = ExpertBonus.Rewards(member, expert, from.Value, updates);
        double[] advantages = group.Advantage.Compute(rewards, group.AdvantageEpsilon);
        NegativeWeighting.Apply(advantages, [.. member.Members.Select(m => m.Rollout.Origin)], group.NegativeWeight);
        return new ScoredGroup(member, [.. rewards], [.. advantages]);
    }
}

/// <summary>A group with shaped rewards and advantages, one per member.</summary>
public sealed record ScoredGroup(TrainingGroup Group, ImmutableArray<double> Rewards, ImmutableArray<double> Advantages);

/// <summary>The batch of an update, and its groups.</summary>
public sealed record AssembledBatch(TrainingBatch Batch, ImmutableArray<ScoredGroup> Groups);
