using System.Globalization;

namespace ICPO.Actors.Soak.Clusters;

/// <summary>A fault in a cluster and how long it took to go on.</summary>
/// <param name="Kind">What failed.</param>
/// <param name="Lease">Seconds until the next core had given leases to a node; null where the core was not concerned.</param>
/// <param name="Update">Seconds until the next update was committed.</param>
internal sealed record ClusterFault(FaultKind Kind, double? Lease, double Update)
{
    public override string ToString() =>
        string.Create(
            CultureInfo.InvariantCulture,
            $"{Kind}: {(Lease is { } lease ? $"leases after {lease:0.0} s, " : "")}an update after {Update:0.0} s"
        );
}
