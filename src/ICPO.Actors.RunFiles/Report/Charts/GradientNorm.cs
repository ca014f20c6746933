using System.Collections.Immutable;

namespace ICPO.Actors.RunFiles.Report.Charts;

internal sealed class GradientNorm() : MetricChart("Gradient norm", "Global norm before clipping.")
{
    protected override ImmutableArray<(string Metric, string Name)> Lines => [("grad_norm", "")];
}
