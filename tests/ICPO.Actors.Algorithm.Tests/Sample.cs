using System.Collections.Immutable;
using ICPO.Actors.Contracts.Groups;
using ICPO.Actors.Contracts.Identity;
using ICPO.Actors.Contracts.Rollouts;
using ICPO.Actors.Contracts.Tasks;

namespace ICPO.Actors.Algorithm.Tests;

/// <summary>Groups and rollouts for specs.</summary>
internal static class Sample
{
    public static GroupSpec Spec(long id = 0, int policy = 8, int expert = 1, long dispatchedAt = 0) =>
        new()
        {
            Id = new GroupId(id),
            Question = new Question
            {
                Id = $"q{id}",
                Text = "1+1?",
                Answer = "2",
            },
            Prompt = [1, 2],
            PolicyRollouts = policy,
            ExpertRollouts = expert,
            DispatchedAt = new PolicyVersion(dispatchedAt),
        };

    public static JudgedRollout Judged(RolloutId id, double? reward, int tokens = 3, params long[] versions) =>
        new(
            new Rollout
            {
                Id = id,
                Tokens = [.. Enumerable.Repeat(7, versions.Length > 0 ? versions.Length : tokens)],
                LogProbs = [.. Enumerable.Repeat(-1f, versions.Length > 0 ? versions.Length : tokens)],
                Versions = versions.Length > 0 ? [.. versions] : [.. Enumerable.Repeat(0L, tokens)],
                Finish = FinishReason.Stop,
                Seed = 1,
                Text = "2",
            },
            reward switch
            {
                null => Judgment.TimedOut("5 s"),
                1 => Judgment.Correct(),
                0 => Judgment.Wrong(),
                _ => new Judgment(Verdict.Correct, reward),
            }
        );

    public static JudgedRollout Policy(int sibling, double? reward, long group = 0) =>
        Judged(new(new(group), Origin.Policy, sibling), reward);

    public static JudgedRollout Expert(int sibling, double? reward, long group = 0) =>
        Judged(new(new(group), Origin.Expert, sibling), reward);

    public static TrainingGroup Group(long id, params JudgedRollout[] members) =>
        new()
        {
            Spec = Spec(id, members.Count(m => m.Rollout.Origin == Origin.Policy), members.Count(m => m.Rollout.Origin == Origin.Expert)),
            Members = [.. members],
            Dropped = [],
        };

    /// <summary>A group as it comes to the filter: each rollout judged (a reward or a fault) or failed.</summary>
    public sealed record Complete(GroupSpec Spec, ImmutableArray<JudgedRollout> Judged, ImmutableArray<RolloutId> Failed)
    {
        public IEnumerable<RolloutId> Ids => Judged.Select(j => j.Rollout.Id).Concat(Failed);
    }

    /// <summary>Fates: 0 wrong, 1 correct, 2 half a reward, 3 verifier fault, 4 failed.</summary>
    public static readonly Gen<Complete> AnyGroup =
        from id in Gen.Long[0, 1000]
        from policy in Gen.Int[0, 9].SelectMany(n => Gen.Select(Gen.Int[0, 4], Gen.Int[0, 5]).Array[n])
        from expert in Gen.Int[policy.Length == 0 ? 1 : 0, 3].SelectMany(n => Gen.Select(Gen.Int[0, 4], Gen.Int[0, 5]).Array[n])
        select Of(id, policy, expert);

    private static Complete Of(long id, (int Fate, int Tokens)[] policy, (int Fate, int Tokens)[] expert)
    {
        (RolloutId Id, int Fate, int Tokens)[] all =
        [
            .. policy.Select((p, i) => (new RolloutId(new(id), Origin.Policy, i), p.Fate, p.Tokens)),
            .. expert.Select((p, i) => (new RolloutId(new(id), Origin.Expert, i), p.Fate, p.Tokens)),
        ];
        return new Complete(
            Spec(id, policy.Length, expert.Length),
            [
                .. all.Where(r => r.Fate < 4)
                    .Select(r =>
                        Judged(
                            r.Id,
                            r.Fate switch
                            {
                                0 => 0,
                                1 => 1,
                                2 => 0.5,
                                _ => null,
                            },
                            r.Tokens
                        )
                    ),
            ],
            [.. all.Where(r => r.Fate == 4).Select(r => r.Id)]
        );
    }
}
