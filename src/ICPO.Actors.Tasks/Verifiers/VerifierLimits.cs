namespace ICPO.Actors.Tasks.Verifiers;

/// <summary>Limits of verifiers that enforce a deadline themselves.</summary>
/// <param name="Timeout">The time for one verdict.</param>
/// <param name="Parallel">Maximum number of concurrent verdicts; 0 is one per core.</param>
public sealed record VerifierLimits(TimeSpan Timeout, int Parallel)
{
    public static VerifierLimits Default { get; } = new(TimeSpan.FromSeconds(10), 0);
}
