using System.Collections.Immutable;

namespace ICPO.Actors.RunFiles.Report.Charts;

internal sealed class Staleness() : MetricChart("Staleness", "Age in updates of the weights that sampled a token.")
{
    protected override ImmutableArray<(string Metric, string Name)> Lines =>
        [("staleness/mean", "mean"), ("staleness/p95", "95th percentile"), ("staleness/max", "maximum")];
}
