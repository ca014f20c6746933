using System.Collections.Immutable;
using ICPO.Actors.Algorithm.Advantages;
using ICPO.Actors.Algorithm.ExpertMixing;
using ICPO.Actors.Algorithm.GroupFiltering;
using ICPO.Actors.Contracts.Groups;
using ICPO.Actors.Contracts.Identity;

namespace ICPO.Actors.Algorithm.Tests.GroupFiltering;

public sealed class GroupFilterTests
{
    private static readonly ExpertSettings Icpo = new();
    private static readonly ExpertSettings Ief = new() { RejectSampling = false };

    private static readonly Gen<(Sample.Complete Group, bool RejectSampling, bool Dynamic, ulong Seed)> Any = Gen.Select(
        Sample.AnyGroup,
        Gen.Bool,
        Gen.Bool,
        Gen.ULong
    );

    private static GroupDecision Decide((Sample.Complete Group, bool RejectSampling, bool Dynamic, ulong Seed) c) =>
        GroupFilter.Decide(
            c.Group.Spec,
            c.Group.Judged,
            c.Group.Failed,
            new ExpertSettings { RejectSampling = c.RejectSampling },
            new GroupSettings { DynamicSampling = c.Dynamic },
            c.Seed
        );

    private static TrainingGroup Admitted(GroupDecision decision) => Assert.IsType<GroupDecision.Admit>(decision).Group;

    [Fact]
    public void Every_rollout_is_a_member_or_dropped_and_never_both() =>
        Any.Sample(c =>
        {
            IEnumerable<RolloutId> ended = Decide(c) switch
            {
                GroupDecision.Admit admit => admit.Group.Members.Select(m => m.Rollout.Id).Concat(admit.Group.Dropped.Select(d => d.Id)),
                GroupDecision.Reject reject => reject.Dropped.Select(d => d.Id),
                var other => throw new InvalidOperationException($"{other}"),
            };
            Assert.Equal(c.Group.Ids.OrderBy(i => i.Origin).ThenBy(i => i.Sibling), ended.OrderBy(i => i.Origin).ThenBy(i => i.Sibling));
        });

    [Fact]
    public void A_dropped_rollout_keeps_its_count_of_tokens() =>
        Any.Sample(c =>
        {
            var tokens = c.Group.Judged.ToDictionary(j => j.Rollout.Id, j => j.Rollout.Tokens.Length);
            ImmutableArray<DroppedRollout> dropped = Decide(c) switch
            {
                GroupDecision.Admit a => a.Group.Dropped,
                GroupDecision.Reject r => r.Dropped,
                _ => [],
            };
            Assert.All(dropped, d => Assert.Equal(tokens.GetValueOrDefault(d.Id), d.Tokens));
        });

    [Fact]
    public void The_decision_does_not_depend_on_the_order_of_arrival() =>
        Gen.Select(Any, Gen.ULong)
            .Sample(
                (c, shuffle) =>
                {
                    JudgedRollout[] shuffled = [.. c.Group.Judged];
                    new RandomStream(shuffle).Shuffle<JudgedRollout>(shuffled);
                    Assert.Equal(Print(Decide(c)), Print(Decide(c with { Group = c.Group with { Judged = [.. shuffled] } })));
                }
            );

    private static string Print(GroupDecision decision) =>
        decision switch
        {
            GroupDecision.Admit a => $"{string.Join(' ', a.Group.Members.Select(m => m.Rollout.Id))} | {string.Join(' ', a.Group.Dropped)}",
            GroupDecision.Reject r => $"{r.Reason} | {string.Join(' ', r.Dropped)}",
            _ => "",
        };

    [Fact]
    public void A_mixed_group_keeps_as_many_members_as_it_has_policy_rollouts_with_a_verdict() =>
        Any.Where(c => c.Group.Spec.PolicyRollouts > 0)
            .Sample(c =>
            {
                if (Decide(c) is GroupDecision.Admit { Group: var group })
                {
                    Assert.Equal(c.Group.Judged.Count(j => j.Rollout.Origin == Origin.Policy && !j.Judgment.IsFault), group.Members.Length);
                    Assert.Equal(
                        group.Members.Count(m => m.Rollout.Origin == Origin.Expert),
                        group.Dropped.Count(d => d.Reason == DropReason.ReplacedByExpert)
                    );
                }
            });

    [Fact]
    public void Members_have_verdicts_and_stand_in_a_fixed_order() =>
        Any.Sample(c =>
        {
            if (Decide(c) is GroupDecision.Admit { Group: var group })
            {
                Assert.All(group.Members, m => Assert.False(m.Judgment.IsFault));
                Assert.Equal(group.Members.OrderBy(m => m.Rollout.Origin).ThenBy(m => m.Rollout.Id.Sibling), group.Members);
            }
        });

    [Fact]
    public void With_reject_sampling_no_expert_member_lies_outside_the_region() =>
        Any.Where(c => c.RejectSampling)
            .Sample(c =>
            {
                if (Decide(c) is GroupDecision.Admit { Group: var group })
                {
                    Assert.All(group.Members.Where(m => m.Rollout.Origin == Origin.Expert), m => Assert.True(m.Judgment.Reward >= 1));
                }
            });

    [Theory]
    [InlineData(true, 1.0, true)]
    [InlineData(true, 0.0, false)]
    [InlineData(false, 1.0, true)]
    [InlineData(false, 0.0, true)]
    public void An_expert_rollout_is_kept_inside_the_region_or_without_reject_sampling_and_the_group_stays_at_eight(
        bool rejectSampling,
        double reward,
        bool kept
    )
    {
        ImmutableArray<JudgedRollout> judged = [.. Enumerable.Range(0, 8).Select(i => Sample.Policy(i, i % 2)), Sample.Expert(0, reward)];
        TrainingGroup group = Admitted(GroupFilter.Decide(Sample.Spec(), judged, [], rejectSampling ? Icpo : Ief, new GroupSettings(), 7));
        Assert.Equal(8, group.Members.Length);
        Assert.Equal(kept, group.Members[^1].Rollout.Origin == Origin.Expert);
        Assert.Equal(kept ? DropReason.ReplacedByExpert : DropReason.OutsideExpertRegion, Assert.Single(group.Dropped).Reason);
    }

    [Fact]
    public void Each_policy_rollout_gives_up_its_place_equally_often()
    {
        int[] replaced = new int[8];
        for (long id = 0; id < 8000; id++)
        {
            ImmutableArray<JudgedRollout> judged =
            [
                .. Enumerable.Range(0, 8).Select(i => Sample.Policy(i, i % 2, id)),
                Sample.Expert(0, 1, id),
            ];
            replaced[Admitted(GroupFilter.Decide(Sample.Spec(id), judged, [], Icpo, new GroupSettings(), 3)).Dropped[0].Id.Sibling]++;
        }

        // 1000 expected, standard deviation 30.
        Assert.All(replaced, count => Assert.InRange(count, 850, 1150));
    }

    [Fact]
    public void A_verifier_fault_is_dropped_and_never_a_wrong_answer()
    {
        ImmutableArray<JudgedRollout> judged = [Sample.Policy(0, null), Sample.Policy(1, 1), Sample.Policy(2, 0)];
        TrainingGroup group = Admitted(
            GroupFilter.Decide(Sample.Spec(policy: 4, expert: 0), judged, [new(new(0), Origin.Policy, 3)], Icpo, new GroupSettings(), 0)
        );
        Assert.Equal([1d, 0d], group.Members.Select(m => m.Judgment.Reward!.Value));
        Assert.Equal(
            [
                new(new(new(0), Origin.Policy, 0), 3, DropReason.VerifierFault),
                new(new(new(0), Origin.Policy, 3), 0, DropReason.GenerationFailed),
            ],
            group.Dropped
        );
    }

    [Fact]
    public void A_group_with_one_verdict_is_rejected()
    {
        GroupDecision decision = GroupFilter.Decide(
            Sample.Spec(policy: 2, expert: 1),
            [Sample.Policy(0, 1), Sample.Policy(1, null), Sample.Expert(0, 0)],
            [],
            Icpo,
            new GroupSettings(),
            0
        );
        GroupDecision.Reject reject = Assert.IsType<GroupDecision.Reject>(decision);
        Assert.Equal(GroupRejection.TooFewVerdicts, reject.Reason);
        Assert.Equal(
            [DropReason.GroupRejected, DropReason.VerifierFault, DropReason.OutsideExpertRegion],
            reject.Dropped.Select(d => d.Reason)
        );
    }

    [Fact]
    public void A_group_that_could_not_be_generated_is_rejected()
    {
        GroupDecision decision = GroupFilter.Decide(
            Sample.Spec(policy: 1, expert: 1),
            [],
            [new(new(0), Origin.Policy, 0), new(new(0), Origin.Expert, 0)],
            Icpo,
            new GroupSettings(),
            0
        );
        Assert.Equal(GroupRejection.GenerationFailed, Assert.IsType<GroupDecision.Reject>(decision).Reason);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Equal_rewards_are_rejected_by_dynamic_sampling_only(bool dynamic)
    {
        ImmutableArray<JudgedRollout> judged = [.. Enumerable.Range(0, 4).Select(i => Sample.Policy(i, 1))];
        GroupDecision decision = GroupFilter.Decide(
            Sample.Spec(policy: 4, expert: 0),
            judged,
            [],
            Icpo,
            new GroupSettings { DynamicSampling = dynamic },
            0
        );
        Assert.Equal(dynamic, decision is GroupDecision.Reject { Reason: GroupRejection.NoSignal });
    }

    [Fact]
    public void A_single_trace_trains_without_anything_to_replace()
    {
        GroupSettings sft = new()
        {
            PolicyRollouts = 0,
            Advantage = One.Instance,
            DynamicSampling = true,
        };
        TrainingGroup group = Admitted(GroupFilter.Decide(Sample.Spec(policy: 0), [Sample.Expert(0, 1)], [], Icpo, sft, 0));
        Assert.Single(group.Members);
        Assert.Empty(group.Dropped);
    }

    [Fact]
    public void Rollouts_that_are_foreign_double_or_missing_are_an_error()
    {
        GroupSettings settings = new();
        Assert.Throws<ArgumentException>(() =>
            GroupFilter.Decide(
                Sample.Spec(policy: 2, expert: 0),
                [Sample.Policy(0, 1), Sample.Policy(1, 1, group: 5)],
                [],
                Icpo,
                settings,
                0
            )
        );
        Assert.Throws<ArgumentException>(() =>
            GroupFilter.Decide(Sample.Spec(policy: 2, expert: 0), [Sample.Policy(0, 1), Sample.Policy(0, 1)], [], Icpo, settings, 0)
        );
        Assert.Throws<ArgumentException>(() =>
            GroupFilter.Decide(Sample.Spec(policy: 2, expert: 0), [Sample.Policy(0, 1)], [], Icpo, settings, 0)
        );
    }
}
