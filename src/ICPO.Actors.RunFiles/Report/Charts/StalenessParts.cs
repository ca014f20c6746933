using System.Collections.Immutable;

namespace ICPO.Actors.RunFiles.Report.Charts;

internal sealed class StalenessParts()
    : MetricChart("Staleness by cause", "In flight: until the group was admitted. In the queue: while it waited in the buffer.")
{
    protected override ImmutableArray<(string Metric, string Name)> Lines =>
        [("staleness/in_flight", "in flight"), ("staleness/in_queue", "in the queue")];
}
