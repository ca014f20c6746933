using System.Collections.Immutable;

namespace ICPO.Actors.RunFiles.Report.Charts;

internal sealed class BusyShares() : ShareChart("Busy workers", "Share of the time since the previous update that they had work.")
{
    protected override ImmutableArray<(string Metric, string Name)> Lines => [("busy/engines", "engines"), ("busy/verifiers", "verifiers")];
}
