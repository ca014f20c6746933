using System.Collections.Immutable;
using ICPO.Actors.Algorithm.Staleness;
using ICPO.Actors.Contracts.Groups;
using ICPO.Actors.Contracts.Identity;
using ICPO.Actors.Contracts.Policies;
using ICPO.Actors.Contracts.Rollouts;

namespace ICPO.Actors.Algorithm.Batches;

/// <summary>The metrics of an update, by the names of <c>docs/metrics.md</c>.</summary>
public static class UpdateStatistics
{
    /// <summary>The statistics of its groups and its learner, except those that depend on the clock of the run.</summary>
    public static ImmutableSortedDictionary<string, double> Compute(AssembledBatch batch, UpdateReport report) =>
        Compute(batch).SetItems(MetricNames.Current(report.Metrics)).SetItem("tokens/trained", report.TokensTrained);

    /// <summary>
    /// The statistics of its groups: rewards by origin, accepted expert rollouts, groups without signal, lengths, staleness.
    /// </summary>
    public static ImmutableSortedDictionary<string, double> Compute(AssembledBatch batch)
    {
        ImmutableSortedDictionary<string, double>.Builder metrics = ImmutableSortedDictionary.CreateBuilder<string, double>(
            StringComparer.Ordinal
        );
        JudgedRollout[] members = [.. batch.Groups.SelectMany(scored => scored.Group.Members)];
        AddRewards(metrics, batch, members);

        metrics["frac_reward_zero_std"] = batch.Groups.Average(scored =>
            scored.Advantages.All(advantage => Math.Abs(advantage) < 1e-9) ? 1.0 : 0.0
        );
        metrics["completions/mean_length"] = members.Average(member => member.Rollout.Tokens.Length);
        metrics["completions/clipped_ratio"] = members.Average(member => member.Rollout.Finish == FinishReason.Length ? 1.0 : 0.0);

        StalenessSummary staleness = StalenessStatistics.Compute(batch.Groups.Select(scored => scored.Group), batch.Batch.From).All.Tokens;
        metrics["staleness/mean"] = staleness.Mean;
        metrics["staleness/p95"] = staleness.P95;
        metrics["staleness/max"] = staleness.Max;
        return metrics.ToImmutable();
    }

    private static void AddRewards(ImmutableSortedDictionary<string, double>.Builder metrics, AssembledBatch batch, JudgedRollout[] members)
    {
        metrics["reward/mean"] = members.Average(Reward);
        metrics["reward/std"] = batch.Groups.Average(scored => Deviation([.. scored.Group.Members.Select(Reward)]));

        double[] policy = [.. members.Where(member => member.Rollout.Origin == Origin.Policy).Select(Reward)];
        if (policy.Length > 0)
        {
            metrics["reward/mean/policy"] = policy.Average();
        }

        double[] expert = [.. members.Where(member => member.Rollout.Origin == Origin.Expert).Select(Reward)];
        int rejected = batch
            .Groups.SelectMany(scored => scored.Group.Dropped)
            .Count(rollout => rollout.Id.Origin == Origin.Expert && rollout.Reason == DropReason.OutsideExpertRegion);
        int generated = expert.Length + rejected;
        if (generated > 0)
        {
            metrics["expert/generated"] = generated;
            metrics["expert/acceptance_rate"] = (double)expert.Length / generated;
            metrics["reward/mean/expert"] = expert.Sum() / generated;
        }
    }

    private static double Reward(JudgedRollout member) => member.Judgment.Reward!.Value;

    /// <summary>The sample standard deviation; 0 for fewer than two rewards.</summary>
    private static double Deviation(double[] rewards)
    {
        if (rewards.Length < 2)
        {
            return 0;
        }

        double mean = rewards.Average();
        return Math.Sqrt(rewards.Sum(reward => (reward - mean) * (reward - mean)) / (rewards.Length - 1));
    }
}
