using System.Collections.Immutable;
using ICPO.Actors.Algorithm;
using ICPO.Actors.Contracts;

namespace ICPO.Actors;

/// <summary>
/// Turns a group's number into the group: its question, its seeds, its demonstrations. A pure function of the run's seed
/// and the number, so that a group that is dispatched again after a failure or a restart is the same group.
/// </summary>
public sealed class GroupPlanner(ITask task, ITokenizer tokenizer, GroupSettings group, ExpertSettings expert, ulong seed)
{
    private const ulong RolloutStream = 1;
    private const ulong DemonstrationStream = 2;
    private const ulong EpochStream = 3;

    /// <summary>The group and the leases that make it: one for all policy rollouts (they share a prompt), one for each expert rollout.</summary>
    public GroupPlan Plan(GroupId id, PolicyVersion version)
    {
        Demonstration? trace = expert.Source == ExpertSource.Trace ? Trace(id) : null;
        Question question = trace is null
            ? task.Train(seed, id.Value)
            : new Question { Id = trace.Id, Text = trace.Question, Answer = trace.Solution, Tags = trace.Tags };
        var spec = new GroupSpec
        {
            Id = id,
            Question = question,
            Prompt = [.. tokenizer.Encode(task.Prompt(question.Text, []))],
            PolicyRollouts = group.PolicyRollouts,
            ExpertRollouts = group.ExpertRollouts,
            DispatchedAt = version,
        };

        var leases = ImmutableArray.CreateBuilder<RolloutLease>();
        if (spec.PolicyRollouts > 0)
        {
            leases.Add(new RolloutLease
            {
                Group = spec,
                Origin = Origin.Policy,
                FirstSibling = 0,
                Seeds = [.. Enumerable.Range(0, spec.PolicyRollouts).Select(sibling => RolloutSeed(id, Origin.Policy, sibling))],
                NotBefore = version,
            });
        }

        for (int sibling = 0; sibling < spec.ExpertRollouts; sibling++)
        {
            leases.Add(new RolloutLease
            {
                Group = spec,
                Origin = Origin.Expert,
                FirstSibling = sibling,
                Seeds = [RolloutSeed(id, Origin.Expert, sibling)],
                Demonstrations = trace is null
                    ? task.Demonstrate(question, Seed.Derive(seed, DemonstrationStream, (ulong)id.Value, (ulong)sibling), expert.Demonstrations)
                    : [trace],
                NotBefore = version,
            });
        }

        return new GroupPlan(spec, leases.ToImmutable());
    }

    private ulong RolloutSeed(GroupId id, Origin origin, int sibling) =>
        Seed.Derive(seed, RolloutStream, (ulong)id.Value, (ulong)origin, (ulong)sibling);

    /// <summary>Traces are drawn without replacement: every epoch is a fresh permutation of the pool.</summary>
    private Demonstration Trace(GroupId id)
    {
        long epoch = Math.DivRem(id.Value, task.Pool.Length, out long place);
        int[] order = [.. Enumerable.Range(0, task.Pool.Length)];
        new RandomStream(Seed.Derive(seed, EpochStream, (ulong)epoch)).Shuffle<int>(order);
        return task.Pool[order[place]];
    }
}

/// <summary>A group and the leases that make it.</summary>
public sealed record GroupPlan(GroupSpec Spec, ImmutableArray<RolloutLease> Leases);
