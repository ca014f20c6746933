namespace ICPO.Actors.Contracts.Policies;

/// <summary>New weights: every engine swaps between two decode steps.</summary>
public sealed record PolicyPublished(PolicySnapshot Snapshot);
