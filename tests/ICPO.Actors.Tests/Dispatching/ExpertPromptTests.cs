using System.Collections.Immutable;
using ICPO.Actors.Algorithm.ExpertMixing;
using ICPO.Actors.Algorithm.GroupFiltering;
using ICPO.Actors.Contracts.Identity;
using ICPO.Actors.Contracts.Rollouts;
using ICPO.Actors.Contracts.Tasks;
using ICPO.Actors.Dispatching;
using ICPO.Actors.Planning;
using ICPO.Actors.Tasks.SymbolRules;

namespace ICPO.Actors.Tests.Dispatching;

/// <summary>Prompts that contain a part of the question's own solution.</summary>
public sealed class ExpertPromptTests
{
    private static readonly SymbolRulesTask Task = new();
    private static readonly LetterTokenizer Tokenizer = new();

    [Theory]
    [InlineData(ScoringContext.Question)]
    [InlineData(ScoringContext.Prompt)]
    public void A_hint_is_an_example_of_the_question_itself_whose_solution_ends_early(ScoringContext context)
    {
        foreach ((GroupPlan plan, PlannedLease lease, string solution, double share) in Leases(ExpertSource.Hint, context))
        {
            string prompt = Tokenizer.Decode(lease.Prompt.AsSpan());
            int length = (int)Math.Ceiling(solution.Length * share);
            Assert.Equal(plan.Spec.Question.Text + solution[..length] + plan.Spec.Question.Text, prompt);
            Rollout complete = lease.Complete(Sampled(lease, "xyz"));
            Assert.Equal("xyz", complete.Text);
            Assert.Equal(3, complete.Tokens.Length);
            Assert.Equal(context == ScoringContext.Prompt ? lease.Prompt : [], complete.Context);
        }
    }

    [Fact]
    public void A_prefix_that_is_kept_is_part_of_the_prompt_and_of_the_judged_text()
    {
        foreach ((GroupPlan plan, PlannedLease lease, string solution, double share) in Leases(ExpertSource.Prefix, ScoringContext.Prompt))
        {
            int given = Math.Min((int)Math.Ceiling(solution.Length * share), solution.Length - 1);
            Assert.Equal(plan.Spec.Question.Text + solution[..given], Tokenizer.Decode(lease.Prompt.AsSpan()));
            Rollout complete = lease.Complete(Sampled(lease, solution[given..]));
            Assert.Equal(solution, complete.Text);
            Assert.Equal(solution.Length - given, complete.Tokens.Length);
            Assert.Equal(lease.Prompt, complete.Context);
        }
    }

    [Fact]
    public void A_prefix_that_is_swapped_out_trains_as_tokens_with_behavior_probability_one()
    {
        foreach (
            (GroupPlan plan, PlannedLease lease, string solution, double share) in Leases(ExpertSource.Prefix, ScoringContext.Question)
        )
        {
            int given = Math.Min((int)Math.Ceiling(solution.Length * share), solution.Length - 1);
            Rollout complete = lease.Complete(Sampled(lease, solution[given..]));
            Assert.Equal(solution, Tokenizer.Decode(complete.Tokens.AsSpan()));
            Assert.Equal((solution.Length, solution.Length), (complete.LogProbs.Length, complete.Versions.Length));
            Assert.All(complete.LogProbs[..given], log => Assert.Equal(0, log));
            Assert.All(complete.LogProbs[given..], log => Assert.Equal(-1, log));
            Assert.Equal(plan.Spec.Prompt.Length, complete.PromptLength);
            Assert.Empty(complete.Context);
        }
    }

    private static IEnumerable<(GroupPlan Plan, PlannedLease Lease, string Solution, double Share)> Leases(
        ExpertSource source,
        ScoringContext context
    )
    {
        ImmutableArray<double> shares = [0.01, 0.5, 1];
        GroupPlanner planner = new(
            Task,
            Tokenizer,
            new GroupSettings { PolicyRollouts = 2, ExpertRollouts = 4 },
            new ExpertSettings
            {
                Source = source,
                ScoredUnder = context,
                HintShares = shares,
            },
            3
        );
        for (int group = 0; group < 20; group++)
        {
            GroupPlan plan = planner.Plan(new GroupId(group), PolicyVersion.Base);
            Demonstration solved = Task.Pool.Single(solved => solved.Id == plan.Spec.Question.Id);
            PlannedLease[] leases = [.. plan.Leases.Where(lease => lease.Id.Origin == Origin.Expert)];
            Assert.Equal(4, leases.Length);
            foreach (PlannedLease lease in leases)
            {
                yield return (plan, lease, Task.Response(solved), shares[lease.Id.FirstSibling % shares.Length]);
            }
        }
    }

    private static Rollout Sampled(PlannedLease lease, string text) =>
        new()
        {
            Id = new RolloutId(lease.Id.Group, Origin.Expert, lease.Id.FirstSibling),
            Tokens = [.. Tokenizer.Encode(text)],
            LogProbs = [.. Enumerable.Repeat(-1f, text.Length)],
            Versions = [.. Enumerable.Repeat(2L, text.Length)],
            Finish = FinishReason.Stop,
            Seed = lease.Seeds[0],
            Text = text,
        };
}
