using System.Collections.Immutable;

namespace ICPO.Actors.RunFiles.Report.Charts;

internal sealed class KlToBase() : MetricChart("KL to the base model", "k3 estimate per token, in nats.")
{
    protected override ImmutableArray<(string Metric, string Name)> Lines => [("kl", "")];
}
