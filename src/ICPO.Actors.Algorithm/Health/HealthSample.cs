using System.Collections.Immutable;

namespace ICPO.Actors.Algorithm.Health;

/// <summary>The events since the previous sample: an update, or many rejected groups without one.</summary>
public sealed record HealthSample
{
    /// <summary>Committed updates.</summary>
    public required long Update { get; init; }

    /// <summary>By the names of <c>docs/metrics.md</c>; empty without an update.</summary>
    public IReadOnlyDictionary<string, double> Metrics { get; init; } = ImmutableSortedDictionary<string, double>.Empty;

    /// <summary>Groups that trained or were rejected.</summary>
    public double Groups { get; init; }

    /// <summary>Those of them without a learning signal.</summary>
    public double GroupsWithoutSignal { get; init; }

    /// <summary>Rollouts sent to the verifier.</summary>
    public long Judged { get; init; }

    /// <summary>Those of them that it failed on.</summary>
    public long VerifierFaults { get; init; }
}
