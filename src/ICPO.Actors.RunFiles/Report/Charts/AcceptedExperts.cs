using System.Collections.Immutable;

namespace ICPO.Actors.RunFiles.Report.Charts;

internal sealed class AcceptedExperts() : ShareChart("Accepted experts", "Share of expert rollouts inside the expert region.")
{
    protected override ImmutableArray<(string Metric, string Name)> Lines => [("expert/acceptance_rate", "")];
}
