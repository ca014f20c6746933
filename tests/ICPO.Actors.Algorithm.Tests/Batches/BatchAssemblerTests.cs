using System.Collections.Immutable;
using ICPO.Actors.Algorithm.Advantages;
using ICPO.Actors.Algorithm.Batches;
using ICPO.Actors.Algorithm.ExpertMixing;
using ICPO.Actors.Algorithm.GroupFiltering;
using ICPO.Actors.Contracts.Groups;
using ICPO.Actors.Contracts.Identity;

namespace ICPO.Actors.Algorithm.Tests.Batches;

public sealed class BatchAssemblerTests
{
    private static readonly Gen<double[]> Rewards = Gen.OneOf(Gen.Const(0.0), Gen.Const(0.25), Gen.Const(1.0)).Array[2, 6];

    [Fact]
    public void Equal_groups_give_equal_batches() =>
        Gen.Select(Rewards.Array[1, 4], Gen.Int[0, 99])
            .Sample(
                (groups, from) =>
                {
                    string once = HashLearner.Text(Assembler(BonusSchedule.Linear).Assemble(new PolicyVersion(from), Groups(groups)).Batch);
                    Assert.Equal(
                        once,
                        HashLearner.Text(Assembler(BonusSchedule.Linear).Assemble(new PolicyVersion(from), Groups(groups)).Batch)
                    );
                }
            );

    [Fact]
    public void Accepted_expert_rollouts_earn_the_bonus_of_the_update_that_trains_on_them() =>
        Gen.Select(Rewards, Gen.Int[0, 99])
            .Sample(
                (rewards, from) =>
                {
                    ImmutableArray<TrainingGroup> groups = Groups([rewards]);
                    ScoredGroup scored = Assembler(BonusSchedule.Linear).Assemble(new PolicyVersion(from), groups).Groups.Single();
                    double bonus = 2 * (1 - (from / 100.0));
                    for (int index = 0; index < rewards.Length; index++)
                    {
                        bool accepted = groups[0].Members[index].Rollout.Origin == Origin.Expert && rewards[index] >= 1;
                        Assert.Equal(rewards[index] + (accepted ? bonus : 0), scored.Rewards[index], 12);
                    }

                    Assert.Equal(Standardized.Instance.Compute(scored.Rewards.AsSpan(), 1e-6), scored.Advantages);
                }
            );

    [Fact]
    public void Every_member_becomes_one_sequence_under_the_prompt_of_its_group_with_its_advantage() =>
        Rewards
            .Array[1, 4]
            .Sample(groups =>
            {
                ImmutableArray<TrainingGroup> given = Groups(groups);
                AssembledBatch batch = Assembler(BonusSchedule.None).Assemble(new PolicyVersion(4), given);
                Assert.Equal(4, batch.Batch.From.Value);
                Assert.Equal(
                    given.SelectMany(group =>
                        group.Members.Select(member => (member.Rollout.Id, group.Spec.Prompt, member.Rollout.Tokens))
                    ),
                    batch.Batch.Sequences.Select(sequence => (sequence.Id, sequence.Prompt, sequence.Response))
                );
                Assert.Equal(
                    batch.Groups.SelectMany(scored => scored.Advantages),
                    batch.Batch.Sequences.Select(sequence => sequence.Advantage)
                );
                Assert.All(batch.Groups, scored => Assert.Equal(0, scored.Advantages.Sum(), 9));
            });

    /// <summary>The last member of each group is an expert rollout.</summary>
    private static ImmutableArray<TrainingGroup> Groups(double[][] groups) =>
        [
            .. groups.Select(
                (rewards, id) =>
                {
                    GroupSpec spec = Make.Spec(id, rewards.Length - 1, 1);
                    return new TrainingGroup
                    {
                        Spec = spec,
                        Members =
                        [
                            .. rewards.Select(
                                (reward, index) =>
                                    index < rewards.Length - 1
                                        ? Make.Judged(spec, Origin.Policy, index, reward)
                                        : Make.Judged(spec, Origin.Expert, 0, reward)
                            ),
                        ],
                        Dropped = [],
                    };
                }
            ),
        ];

    private static BatchAssembler Assembler(BonusSchedule bonus) =>
        new(new GroupSettings(), new ExpertSettings { Bonus = bonus, BonusSize = 2 }, updates: 100);
}
