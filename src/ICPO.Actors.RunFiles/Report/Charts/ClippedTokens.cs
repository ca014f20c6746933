using System.Collections.Immutable;

namespace ICPO.Actors.RunFiles.Report.Charts;

internal sealed class ClippedTokens()
    : MetricChart("Clipped tokens", "Share of policy tokens beyond the clip range, by the sign of the advantage.")
{
    protected override ImmutableArray<(string Metric, string Name)> Lines =>
        [("clip_ratio/high/policy", "A > 0"), ("clip_ratio/low/policy", "A < 0")];

    protected override bool Percent => true;
}
