using System.Collections.Immutable;
using ICPO.Actors.Algorithm.Buffering;
using ICPO.Actors.Algorithm.ExpertMixing;
using ICPO.Actors.Algorithm.GroupFiltering;
using ICPO.Actors.Contracts.Dispatching;
using ICPO.Actors.Contracts.Groups;
using ICPO.Actors.Contracts.Identity;
using ICPO.Actors.Contracts.Policies;
using ICPO.Actors.Contracts.Rollouts;
using ICPO.Actors.Contracts.Tasks;
using ICPO.Actors.Planning;

namespace ICPO.Actors.Dispatching;

/// <summary>
/// Turns a group's number into the group: its question, seeds and demonstrations. A pure function of the run's seed and the number,
/// so a group that is dispatched again after a failure or a restart is the same group.
/// </summary>
public sealed class GroupPlanner(ITask task, ITokenizer tokenizer, GroupSettings group, ExpertSettings expert, ulong seed)
{
    private const ulong RolloutStream = 1;
    private const ulong DemonstrationStream = 2;
    private const ulong EpochStream = 3;

    private readonly ExpertPrompts _prompts = new(task, tokenizer, expert);

    /// <summary>True if groups are made of traces alone, which need no engine.</summary>
    public bool SamplesNothing => group.PolicyRollouts == 0 && expert.Source == ExpertSource.Trace;

    /// <summary>
    /// The group and its leases: one per run of consecutive policy rollouts (they share a prompt), one per expert rollout that is sampled.
    /// </summary>
    /// <param name="id">The group's number.</param>
    /// <param name="version">The learner's current version.</param>
    /// <param name="kept">Its rollouts in the journal: they need no lease, and the group keeps its first dispatch version.</param>
    public GroupPlan Plan(GroupId id, PolicyVersion version, PartialGroup? kept = null)
    {
        HashSet<RolloutId> there = [.. kept?.Rollouts.Select(rollout => rollout.Rollout.Id) ?? []];
        Demonstration? solved = expert.UsesOwnSolution ? Solved(id) : null;
        Question question = solved is null ? task.Train(seed, id.Value) : OwnQuestion(solved);
        bool isTrace = expert.Source == ExpertSource.Trace;
        var spec = new GroupSpec
        {
            Id = id,
            Question = question,
            Prompt = [.. tokenizer.EncodePrompt(task.Prompt(question.Text, []), task.UsesChatTemplate)],
            TeacherPrompt = TeacherPrompt(id, question, solved),
            PolicyRollouts = group.PolicyRollouts,
            ExpertRollouts = group.ExpertRollouts,
            DispatchedAt = kept?.DispatchedAt ?? version,
        };

        return new GroupPlan(
            spec,
            [.. PolicyLeases(spec, there, version), .. isTrace ? [] : ExpertLeases(spec, solved, there, version)],
            isTrace ? [.. Traces(spec, solved!, version).Where(rollout => !there.Contains(rollout.Id))] : []
        );
    }

    private IEnumerable<PlannedLease> PolicyLeases(GroupSpec spec, HashSet<RolloutId> there, PolicyVersion version)
    {
        for (int first = 0; first < spec.PolicyRollouts; first++)
        {
            int end = first;
            while (end < spec.PolicyRollouts && !there.Contains(new RolloutId(spec.Id, Origin.Policy, end)))
            {
                end++;
            }

            if (end > first)
            {
                yield return new PlannedLease
                {
                    Id = new LeaseId(spec.Id, Origin.Policy, first, 0),
                    Prompt = spec.Prompt,
                    Seeds = [.. Enumerable.Range(first, end - first).Select(sibling => RolloutSeed(spec.Id, Origin.Policy, sibling))],
                    NotBefore = version,
                };
                first = end;
            }
        }
    }

    private IEnumerable<PlannedLease> ExpertLeases(GroupSpec spec, Demonstration? solved, HashSet<RolloutId> there, PolicyVersion version)
    {
        for (int sibling = 0; sibling < spec.ExpertRollouts; sibling++)
        {
            if (there.Contains(new RolloutId(spec.Id, Origin.Expert, sibling)))
            {
                continue;
            }

            ulong drawn = Seed.Derive(seed, DemonstrationStream, (ulong)spec.Id.Value, (ulong)sibling);
            ExpertPrompt prompt =
                solved is null || expert.Source == ExpertSource.Steered
                    ? _prompts.Steered(spec.Question, drawn)
                    : _prompts.OwnSolution(spec.Prompt, solved, sibling);
            yield return new PlannedLease
            {
                Id = new LeaseId(spec.Id, Origin.Expert, sibling, 0),
                Prompt = prompt.Tokens,
                Demonstrations = prompt.Demonstrations,
                Given = prompt.Given,
                GivenText = prompt.GivenText,
                KeepsContext = expert.ScoredUnder == ScoringContext.Prompt,
                Seeds = [RolloutSeed(spec.Id, Origin.Expert, sibling)],
                NotBefore = version,
            };
        }
    }

    /// <summary>The examples of the teacher are those of the first expert rollout, whether the group has expert rollouts or not.</summary>
    private ImmutableArray<int> TeacherPrompt(GroupId id, Question question, Demonstration? solved) =>
        expert.Teacher switch
        {
            TeacherContext.None => [],
            TeacherContext.Solution => _prompts.Solved(solved!).Tokens,
            _ => _prompts.Steered(question, Seed.Derive(seed, DemonstrationStream, (ulong)id.Value, 0)).Tokens,
        };

    private static Question OwnQuestion(Demonstration solved) =>
        new()
        {
            Id = solved.Id,
            Text = solved.Question,
            Answer = solved.Answer ?? solved.Solution,
            Tags = solved.Tags,
        };

    /// <summary>A demonstration's own solution as rollouts: nothing is sampled, and the behavior probability is 1.</summary>
    private IEnumerable<Rollout> Traces(GroupSpec spec, Demonstration trace, PolicyVersion version)
    {
        string response = task.Response(trace);
        int[] tokens = tokenizer.Encode(response);
        return Enumerable
            .Range(0, spec.ExpertRollouts)
            .Select(sibling => new Rollout
            {
                Id = new RolloutId(spec.Id, Origin.Expert, sibling),
                Tokens = [.. tokens],
                LogProbs = [.. new float[tokens.Length]],
                Versions = [.. Enumerable.Repeat(version.Value, tokens.Length)],
                Finish = FinishReason.Stop,
                Seed = RolloutSeed(spec.Id, Origin.Expert, sibling),
                Text = response,
                Demonstrations = [trace.Id],
                PromptLength = spec.Prompt.Length,
            });
    }

    private ulong RolloutSeed(GroupId id, Origin origin, int sibling) =>
        Seed.Derive(seed, RolloutStream, (ulong)id.Value, (ulong)origin, (ulong)sibling);

    /// <summary>Solved questions are drawn without replacement: every epoch is a fresh permutation of the pool.</summary>
    private Demonstration Solved(GroupId id)
    {
        long epoch = Math.DivRem(id.Value, task.Pool.Length, out long place);
        int[] order = [.. Enumerable.Range(0, task.Pool.Length)];
        new RandomStream(Seed.Derive(seed, EpochStream, (ulong)epoch)).Shuffle<int>(order);
        return task.Pool[order[place]];
    }
}
