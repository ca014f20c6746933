namespace ICPO.Actors.Verification;

/// <summary>Settings of a node's verifier.</summary>
/// <param name="Name">Its display name.</param>
/// <param name="Timeout">The time for one case.</param>
/// <param name="Parallel">Cases that are judged at once.</param>
public sealed record VerifierNodeSettings(string Name, TimeSpan Timeout, int Parallel)
{
    /// <summary>Time between two repetitions of its demand and of verdicts that are not acknowledged.</summary>
    public TimeSpan Beat { get; init; } = TimeSpan.FromSeconds(1);
}
