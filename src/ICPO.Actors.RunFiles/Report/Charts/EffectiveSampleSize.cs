using System.Collections.Immutable;

namespace ICPO.Actors.RunFiles.Report.Charts;

internal sealed class EffectiveSampleSize()
    : ShareChart("Effective sample size", "Of the importance weights before truncation, as a share.")
{
    protected override ImmutableArray<(string Metric, string Name)> Lines => [("ess/policy", "policy"), ("ess/expert", "expert")];
}
