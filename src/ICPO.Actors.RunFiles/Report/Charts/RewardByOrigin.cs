using System.Collections.Immutable;

namespace ICPO.Actors.RunFiles.Report.Charts;

internal sealed class RewardByOrigin()
    : ShareChart(
        "Reward by origin",
        "Mean reward of the rollouts of an update: sampled from the question alone, and steered by demonstrations."
    )
{
    protected override ImmutableArray<(string Metric, string Name)> Lines =>
        [("reward/mean/policy", "policy"), ("reward/mean/expert", "expert")];
}
