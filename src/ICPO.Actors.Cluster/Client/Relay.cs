namespace ICPO.Actors.Cluster.Client;

/// <summary>A node that asks where to fetch weights.</summary>
/// <param name="Address">The base address at which it will pass them on; null if it will not.</param>
public sealed record Relay(Uri? Address);
