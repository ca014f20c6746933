using System.Collections.Immutable;
using ICPO.Actors.Algorithm.Buffering;
using ICPO.Actors.Algorithm.ExpertMixing;
using ICPO.Actors.Algorithm.GroupFiltering;
using ICPO.Actors.Contracts.Dispatching;
using ICPO.Actors.Contracts.Groups;
using ICPO.Actors.Contracts.Identity;
using ICPO.Actors.Contracts.Policies;
using ICPO.Actors.Contracts.Tasks;

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

    /// <summary>
    /// The group and its leases: one per run of consecutive policy rollouts (they share a prompt), one per expert rollout.
    /// </summary>
    /// <param name="id">The group's number.</param>
    /// <param name="version">The learner's current version.</param>
    /// <param name="kept">Its rollouts in the journal: they need no lease, and the group keeps its first dispatch version.</param>
    public GroupPlan Plan(GroupId id, PolicyVersion version, PartialGroup? kept = null)
    {
        HashSet<RolloutId> there = [.. kept?.Rollouts.Select(rollout => rollout.Rollout.Id) ?? []];
        Demonstration? trace = expert.Source == ExpertSource.Trace ? Trace(id) : null;
        Question question = trace is null
            ? task.Train(seed, id.Value)
            : new Question
            {
                Id = trace.Id,
                Text = trace.Question,
                Answer = trace.Solution,
                Tags = trace.Tags,
            };
        var spec = new GroupSpec
        {
            Id = id,
            Question = question,
            Prompt = [.. tokenizer.EncodePrompt(task.Prompt(question.Text, []), task.UsesChatTemplate)],
            PolicyRollouts = group.PolicyRollouts,
            ExpertRollouts = group.ExpertRollouts,
            DispatchedAt = kept?.DispatchedAt ?? version,
        };

        ImmutableArray<RolloutLease>.Builder leases = ImmutableArray.CreateBuilder<RolloutLease>();
        for (int first = 0; first < spec.PolicyRollouts; first++)
        {
            int end = first;
            while (end < spec.PolicyRollouts && !there.Contains(new RolloutId(id, Origin.Policy, end)))
            {
                end++;
            }

            if (end > first)
            {
                leases.Add(
                    new RolloutLease
                    {
                        Group = spec,
                        Origin = Origin.Policy,
                        FirstSibling = first,
                        Seeds = [.. Enumerable.Range(first, end - first).Select(sibling => RolloutSeed(id, Origin.Policy, sibling))],
                        NotBefore = version,
                    }
                );
                first = end;
            }
        }

        foreach (
            int sibling in Enumerable
                .Range(0, spec.ExpertRollouts)
                .Where(sibling => !there.Contains(new RolloutId(id, Origin.Expert, sibling)))
        )
        {
            leases.Add(
                new RolloutLease
                {
                    Group = spec,
                    Origin = Origin.Expert,
                    FirstSibling = sibling,
                    Seeds = [RolloutSeed(id, Origin.Expert, sibling)],
                    Demonstrations = trace is null
                        ? task.Demonstrate(
                            question,
                            Seed.Derive(seed, DemonstrationStream, (ulong)id.Value, (ulong)sibling),
                            expert.Demonstrations
                        )
                        : [trace],
                    NotBefore = version,
                }
            );
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

/// <summary>A group and its leases.</summary>
public sealed record GroupPlan(GroupSpec Spec, ImmutableArray<RolloutLease> Leases);
