using System.Collections.Immutable;
using ICPO.Actors.Contracts.Dispatching;
using ICPO.Actors.Contracts.Groups;
using ICPO.Actors.Contracts.Identity;
using ICPO.Actors.Contracts.Rollouts;
using ICPO.Actors.Contracts.Tasks;
using ICPO.Actors.Wire.Segments;

namespace TestSupport;

/// <summary>Groups and rollouts for tests.</summary>
public static class Make
{
    public static GroupSpec Spec(long id, int policy = 2, int expert = 0, long dispatchedAt = 0) =>
        new()
        {
            Id = new GroupId(id),
            Question = new Question
            {
                Id = $"q{id}",
                Text = $"{id}?",
                Answer = $"{id % 2}",
            },
            Prompt = [1, 2, (int)id],
            PolicyRollouts = policy,
            ExpertRollouts = expert,
            DispatchedAt = new PolicyVersion(dispatchedAt),
        };

    public static Rollout Rollout(GroupSpec spec, Origin origin, int sibling, int tokens = 3) =>
        new()
        {
            Id = new RolloutId(spec.Id, origin, sibling),
            Tokens = [.. Enumerable.Range(sibling, tokens)],
            LogProbs = [.. Enumerable.Range(1, tokens).Select(place => -0.5f / place)],
            Versions = [.. Enumerable.Repeat(spec.DispatchedAt.Value, tokens)],
            Finish = FinishReason.Stop,
            Seed = (ulong)sibling,
            Text = $"answer {sibling}",
        };

    public static JudgedRollout Judged(GroupSpec spec, Origin origin, int sibling, double reward, int tokens = 3) =>
        new(Rollout(spec, origin, sibling, tokens), new Judgment(reward > 0 ? Verdict.Correct : Verdict.Wrong, reward));

    /// <summary>A group of policy rollouts that are alternately correct and wrong.</summary>
    public static TrainingGroup Group(long id, int size = 2, long dispatchedAt = 0)
    {
        GroupSpec spec = Spec(id, size, 0, dispatchedAt);
        return new TrainingGroup
        {
            Spec = spec,
            Members =
            [
                .. Enumerable
                    .Range(0, size)
                    .Select(sibling => Judged(spec, Origin.Policy, sibling, sibling % 2, 1 + (int)((id + sibling) % 4))),
            ],
            Dropped = [],
        };
    }

    public static RolloutLease Lease(long group, Origin origin = Origin.Policy, int seeds = 2, long notBefore = 0, int attempt = 0) =>
        new()
        {
            Id = new LeaseId(new GroupId(group), origin, 0, attempt),
            Epoch = new LearnerEpoch(1),
            Prompt = Spec(group).Prompt,
            Siblings = [.. Enumerable.Range(0, seeds)],
            Seeds = [.. Enumerable.Range(0, seeds).Select(seed => (ulong)((group * 100) + seed))],
            NotBefore = new PolicyVersion(notBefore),
        };

    /// <summary>What a group is, as text: two are equal where their texts are.</summary>
    public static string Text(TrainingGroup group) => Convert.ToHexString(GroupPayload.Write(group));

    public static string Text(ImmutableArray<TrainingGroup> groups) => string.Join(' ', groups.Select(Text));
}
