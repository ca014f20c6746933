using System.Collections.Immutable;
using ICPO.Actors.Algorithm.Staleness;
using ICPO.Actors.Contracts.Groups;
using ICPO.Actors.Contracts.Identity;
using ICPO.Actors.Contracts.Rollouts;

namespace ICPO.Actors.Algorithm.Batches;

/// <summary>
/// What an update's groups say: rewards by origin, accepted expert rollouts, signal, staleness. Names as in <c>metrics.jsonl</c>.
/// </summary>
public static class UpdateStatistics
{
    public static ImmutableSortedDictionary<string, double> Compute(AssembledBatch batch)
    {
        ImmutableSortedDictionary<string, double>.Builder metrics = ImmutableSortedDictionary.CreateBuilder<string, double>(
            StringComparer.Ordinal
        );
        JudgedRollout[] members = [.. batch.Groups.SelectMany(scored => scored.Group.Members)];
        DroppedRollout[] dropped = [.. batch.Groups.SelectMany(scored => scored.Group.Dropped)];

        double[] policy = Rewards(members, Origin.Policy);
        if (policy.Length > 0)
        {
            metrics["reward/policy"] = policy.Average();
        }

        double[] expert = Rewards(members, Origin.Expert);
        int outside = dropped.Count(rollout => rollout.Id.Origin == Origin.Expert && rollout.Reason == DropReason.OutsideExpertRegion);
        if (expert.Length + outside > 0)
        {
            metrics["expert/generated"] = expert.Length + outside;
            metrics["expert/accepted-share"] = (double)expert.Length / (expert.Length + outside);
            metrics["reward/expert"] = expert.Sum() / (expert.Length + outside);
        }

        metrics["groups/no-signal-share"] = batch.Groups.Average(scored =>
            scored.Advantages.All(advantage => Math.Abs(advantage) < 1e-9) ? 1.0 : 0.0
        );
        metrics["rollout/length-mean"] = members.Average(member => member.Rollout.Tokens.Length);
        metrics["rollout/truncated-share"] = members.Average(member => member.Rollout.Finish == FinishReason.Length ? 1.0 : 0.0);

        StalenessSummary staleness = StalenessStatistics.Compute(batch.Groups.Select(scored => scored.Group), batch.Batch.From).All.Tokens;
        metrics["staleness/mean"] = staleness.Mean;
        metrics["staleness/p95"] = staleness.P95;
        metrics["staleness/max"] = staleness.Max;
        return metrics.ToImmutable();
    }

    private static double[] Rewards(IEnumerable<JudgedRollout> members, Origin origin) =>
        [.. members.Where(member => member.Rollout.Origin == origin).Select(member => member.Judgment.Reward!.Value)];
}
