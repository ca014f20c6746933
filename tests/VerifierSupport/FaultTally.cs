using System.Collections.Immutable;

namespace VerifierSupport;

/// <summary>The result of runs whose verifier fails.</summary>
/// <param name="Verifier">Its name.</param>
/// <param name="Faults">The names of the faults.</param>
/// <param name="Injected">How often each was injected.</param>
/// <param name="Leaked">How often a case with it was given a reward.</param>
/// <param name="Rewarded">Rollouts with an honest reward in groups.</param>
/// <param name="Findings">What else is wrong, one sentence each.</param>
public sealed record FaultTally(
    string Verifier,
    ImmutableArray<string> Faults,
    ImmutableArray<int> Injected,
    ImmutableArray<int> Leaked,
    int Rewarded,
    ImmutableArray<string> Findings
)
{
    /// <summary>The sum of two runs of the same verifier.</summary>
    public FaultTally Add(FaultTally other)
    {
        ArgumentNullException.ThrowIfNull(other);
        return this with
        {
            Injected = [.. Injected.Zip(other.Injected, (a, b) => a + b)],
            Leaked = [.. Leaked.Zip(other.Leaked, (a, b) => a + b)],
            Rewarded = Rewarded + other.Rewarded,
            Findings = [.. Findings, .. other.Findings],
        };
    }
}
