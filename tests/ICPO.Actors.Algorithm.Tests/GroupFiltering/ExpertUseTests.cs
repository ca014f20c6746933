using System.Collections.Immutable;
using ICPO.Actors.Algorithm.ExpertMixing;
using ICPO.Actors.Algorithm.GroupFiltering;
using ICPO.Actors.Contracts.Groups;
using ICPO.Actors.Contracts.Identity;

namespace ICPO.Actors.Algorithm.Tests.GroupFiltering;

/// <summary>When accepted expert rollouts are used, how many, and what they replace.</summary>
public sealed class ExpertUseTests
{
    private static readonly ExpertSettings Hpt = new()
    {
        Source = ExpertSource.Trace,
        RejectSampling = false,
        When = ExpertUse.Failed,
        Replaces = ExpertReplacement.All,
    };

    [Theory]
    [InlineData(0, 0, 0, 1)]
    [InlineData(1, 0, 3, 0)]
    [InlineData(1, 1, 0, 1)]
    [InlineData(2, 1, 3, 0)]
    public void A_group_in_which_the_policy_failed_trains_on_the_solution_alone(int correct, int failedAtMost, int policy, int expert)
    {
        TrainingGroup group = Admitted(DecideWith(Hpt with { FailedAtMost = failedAtMost }, correct));
        Assert.Equal((policy, expert), Origins(group));
        Assert.Equal(4, group.Members.Length + group.Dropped.Length);
        DropReason reason = expert > 0 ? DropReason.ReplacedByExpert : DropReason.ExpertNotNeeded;
        Assert.All(group.Dropped, dropped => Assert.Equal(reason, dropped.Reason));
    }

    [Fact]
    public void Expert_rollouts_are_not_used_before_the_warm_up_ends()
    {
        ExpertSettings late = Hpt with { WarmupUpdates = 5 };
        Assert.Equal((3, 0), Origins(Admitted(DecideWith(late, correct: 0, dispatchedAt: 4))));
        Assert.Equal((0, 1), Origins(Admitted(DecideWith(late, correct: 0, dispatchedAt: 5))));
    }

    [Fact]
    public void The_first_accepted_expert_rollouts_are_used_up_to_the_maximum_and_replace_what_is_configured()
    {
        ExpertSettings hints = new() { When = ExpertUse.Failed, MaxAccepted = 1 };
        ImmutableArray<JudgedRollout> judged =
        [
            .. Enumerable.Range(0, 3).Select(sibling => Sample.Policy(sibling, 0)),
            Sample.Expert(0, 0),
            Sample.Expert(1, 1),
            Sample.Expert(2, 1),
        ];
        TrainingGroup one = Admitted(GroupFilter.Decide(Sample.Spec(0, 3, 3), judged, [], hints, new(), 1));
        Assert.Equal([1], one.Members.Where(m => m.Rollout.Origin == Origin.Expert).Select(m => m.Rollout.Id.Sibling));
        Assert.Equal((2, 1), Origins(one));
        TrainingGroup none = Admitted(
            GroupFilter.Decide(Sample.Spec(0, 3, 3), judged, [], hints with { Replaces = ExpertReplacement.None }, new(), 1)
        );
        Assert.Equal((3, 1), Origins(none));
    }

    [Fact]
    public void A_solution_that_replaces_its_group_is_not_a_group_without_signal()
    {
        GroupDecision decision = GroupFilter.Decide(
            Sample.Spec(0, 2),
            [Sample.Policy(0, 0), Sample.Policy(1, 0), Sample.Expert(0, 1)],
            [],
            Hpt,
            new GroupSettings { DynamicSampling = true },
            1
        );
        Assert.Equal((0, 1), Origins(Admitted(decision)));
    }

    private static GroupDecision DecideWith(ExpertSettings expert, int correct, long dispatchedAt = 0) =>
        GroupFilter.Decide(
            Sample.Spec(0, 3, 1, dispatchedAt),
            [.. Enumerable.Range(0, 3).Select(sibling => Sample.Policy(sibling, sibling < correct ? 1 : 0)), Sample.Expert(0, 1)],
            [],
            expert,
            new GroupSettings(),
            1
        );

    private static (int Policy, int Expert) Origins(TrainingGroup group) =>
        (
            group.Members.Count(member => member.Rollout.Origin == Origin.Policy),
            group.Members.Count(member => member.Rollout.Origin == Origin.Expert)
        );

    private static TrainingGroup Admitted(GroupDecision decision) => Assert.IsType<GroupDecision.Admit>(decision).Group;
}
