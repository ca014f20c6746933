using System.Collections.Immutable;

namespace ICPO.Actors.RunFiles.Report.Charts;

internal sealed class Loss() : MetricChart("Loss", "The mixed-policy objective, negated.")
{
    protected override ImmutableArray<(string Metric, string Name)> Lines => [("loss", "")];
}
