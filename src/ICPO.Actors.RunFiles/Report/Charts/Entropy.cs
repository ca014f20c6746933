using System.Collections.Immutable;

namespace ICPO.Actors.RunFiles.Report.Charts;

internal sealed class Entropy() : MetricChart("Entropy", "Mean entropy of the policy over response tokens, in nats.")
{
    protected override ImmutableArray<(string Metric, string Name)> Lines => [("entropy", "")];
}
