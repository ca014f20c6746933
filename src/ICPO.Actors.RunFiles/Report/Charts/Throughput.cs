using System.Collections.Immutable;

namespace ICPO.Actors.RunFiles.Report.Charts;

internal sealed class Throughput() : MetricChart("Throughput", "Tokens per second, sampled and trained.")
{
    protected override ImmutableArray<(string Metric, string Name)> Lines =>
        [("tokens/generated_per_second", "generated"), ("tokens/trained_per_second", "trained")];
}
