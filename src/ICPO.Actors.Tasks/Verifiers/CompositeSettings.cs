using System.Collections.Immutable;

namespace ICPO.Actors.Tasks.Verifiers;

/// <summary>Settings of the verifier <c>composite</c>.</summary>
public sealed record CompositeSettings
{
    /// <summary>The verifiers whose weighted mean is the reward.</summary>
    public ImmutableArray<CompositePart> Parts { get; init; } = [new("math", 0.9), new("format", 0.1)];

    /// <summary>The smallest reward that is Correct, in (0, 1].</summary>
    public double Threshold { get; init; } = 0.9;
}
