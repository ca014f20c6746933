using ICPO.Actors.Algorithm.ExpertMixing;
using ICPO.Actors.Algorithm.GroupFiltering;
using ICPO.Actors.Contracts.Identity;
using ICPO.Actors.Contracts.Tasks;
using ICPO.Actors.Dispatching;
using ICPO.Actors.Planning;

namespace ICPO.Actors.Tests.Dispatching;

public sealed class GroupPlannerTests
{
    private static readonly Gen<(ulong Seed, long Id, int Policy, int Expert)> Groups = Gen.Select(
        Gen.ULong,
        Gen.Long[0, 5000],
        Gen.Int[0, 9],
        Gen.Int[1, 4]
    );

    [Fact]
    public void A_seed_and_a_number_give_the_same_group_whoever_plans_it_and_whenever() =>
        Groups.Sample(
            (seed, id, policy, expert) =>
            {
                GroupPlan once = Planner(seed, policy, expert).Plan(new GroupId(id), new PolicyVersion(3));
                GroupPlanner other = Planner(seed, policy, expert);
                other.Plan(new GroupId(id + 1), new PolicyVersion(4));
                Assert.Equal(Text(once), Text(other.Plan(new GroupId(id), new PolicyVersion(3))));
                Assert.NotEqual(Text(once), Text(Planner(seed + 1, policy, expert).Plan(new GroupId(id), new PolicyVersion(3))));
            }
        );

    [Fact]
    public void The_leases_hold_every_sibling_once_each_with_a_seed_of_its_own() =>
        Groups.Sample(
            (seed, id, policy, expert) =>
            {
                GroupPlan plan = Planner(seed, policy, expert).Plan(new GroupId(id), PolicyVersion.Base);
                (Origin, int)[] siblings =
                [
                    .. plan.Leases.SelectMany(lease => lease.Siblings.Select(sibling => (lease.Id.Origin, sibling))),
                ];
                Assert.Equal(
                    [
                        .. Enumerable.Range(0, policy).Select(sibling => (Origin.Policy, sibling)),
                        .. Enumerable.Range(0, expert).Select(sibling => (Origin.Expert, sibling)),
                    ],
                    siblings.Order()
                );
                Assert.Equal(plan.Spec.Size, plan.Leases.SelectMany(lease => lease.Seeds).Distinct().Count());
            }
        );

    [Fact]
    public void Demonstrations_never_show_the_question_itself() =>
        Groups.Sample(
            (seed, id, policy, expert) =>
            {
                GroupPlan plan = Planner(seed, policy, expert).Plan(new GroupId(id), PolicyVersion.Base);
                foreach (PlannedLease lease in plan.Leases)
                {
                    Assert.Equal(lease.Id.Origin == Origin.Expert ? 2 : 0, lease.Demonstrations.Length);
                    Assert.DoesNotContain(new ParityTask().Pool, shown =>
                        lease.Demonstrations.Contains(shown.Id) && shown.Question == plan.Spec.Question.Text
                    );
                }
            }
        );

    [Fact]
    public void A_lease_holds_the_tokens_of_its_whole_prompt()
    {
        var task = new ParityTask();
        GroupPlan plan = Planner(7, policy: 1, expert: 1).Plan(new GroupId(3), PolicyVersion.Base);
        Assert.Equal(plan.Spec.Prompt, plan.Leases[0].Prompt);
        Demonstration[] shown = [.. plan.Leases[1].Demonstrations.Select(id => task.Pool.Single(one => one.Id == id))];
        Assert.Equal(task.Prompt(plan.Spec.Question.Text, [.. shown]), new LetterTokenizer().Decode(plan.Leases[1].Prompt.AsSpan()));
    }

    [Fact]
    public void Traces_visit_the_whole_pool_once_in_every_epoch() =>
        Gen.Select(Gen.ULong, Gen.Long[0, 50])
            .Sample(
                (seed, epoch) =>
                {
                    var task = new ParityTask();
                    var planner = new GroupPlanner(
                        task,
                        new LetterTokenizer(),
                        new GroupSettings { PolicyRollouts = 0, ExpertRollouts = 1 },
                        new ExpertSettings { Source = ExpertSource.Trace },
                        seed
                    );
                    GroupPlan[] plans =
                    [
                        .. Enumerable
                            .Range(0, task.Pool.Length)
                            .Select(place => planner.Plan(new GroupId((epoch * task.Pool.Length) + place), PolicyVersion.Base)),
                    ];
                    Assert.Equal(
                        task.Pool.Select(demonstration => demonstration.Id).Order(),
                        plans.Select(plan => plan.Traces.Single().Demonstrations.Single()).Order()
                    );
                    Assert.All(plans, plan =>
                    {
                        Demonstration shown = task.Pool.Single(one => one.Id == plan.Traces[0].Demonstrations[0]);
                        Assert.Equal((shown.Question, task.Response(shown)), (plan.Spec.Question.Text, plan.Traces[0].Text));
                        Assert.Empty(plan.Leases);
                    });
                }
            );

    [Theory]
    [InlineData(TeacherContext.None)]
    [InlineData(TeacherContext.Steered)]
    [InlineData(TeacherContext.Solution)]
    public void A_teacher_sees_examples_of_other_questions_or_the_solution_before_the_same_question(TeacherContext teacher) =>
        Groups.Sample(
            (seed, id, policy, expert) =>
            {
                var task = new ParityTask();
                var planner = new GroupPlanner(
                    task,
                    new LetterTokenizer(),
                    new GroupSettings { PolicyRollouts = policy, ExpertRollouts = 0 },
                    new ExpertSettings { Teacher = teacher },
                    seed
                );
                GroupPlan plan = planner.Plan(new GroupId(id), PolicyVersion.Base);
                string prompt = new LetterTokenizer().Decode(plan.Spec.TeacherPrompt.AsSpan());
                string question = plan.Spec.Question.Text;
                Demonstration? own = task.Pool.FirstOrDefault(one => one.Question == question);
                switch (teacher)
                {
                    case TeacherContext.None:
                        Assert.Equal("", prompt);
                        break;
                    case TeacherContext.Solution:
                        Assert.Equal(task.Prompt(question, [own!]), prompt);
                        break;
                    default:
                        Assert.EndsWith(task.Prompt(question, []), prompt, StringComparison.Ordinal);
                        Assert.True(prompt.Length > task.Prompt(question, []).Length);
                        Assert.True(own is null || !prompt.StartsWith(task.Prompt(question, [own]), StringComparison.Ordinal));
                        break;
                }
            }
        );

    private static GroupPlanner Planner(ulong seed, int policy, int expert) =>
        new(
            new ParityTask(),
            new LetterTokenizer(),
            new GroupSettings { PolicyRollouts = policy, ExpertRollouts = expert },
            new ExpertSettings(),
            seed
        );

    private static string Text(GroupPlan plan) =>
        string.Join(
            '\n',
            plan.Leases.Select(lease =>
                string.Join(
                    '|',
                    lease.Id,
                    plan.Spec.Question.Text,
                    plan.Spec.DispatchedAt,
                    lease.NotBefore,
                    string.Join(',', lease.Prompt),
                    string.Join(',', lease.Seeds),
                    string.Join(',', lease.Demonstrations)
                )
            )
        );
}
