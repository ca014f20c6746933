using System.Collections.Immutable;
using ICPO.Actors.Contracts;

namespace ICPO.Actors.Tasks;

/// <summary>How strict the verifiers are.</summary>
public sealed record VerifierSettings
{
    /// <summary><c>builtin</c>: the task whose own verdict it is.</summary>
    public TaskSettings Task { get; init; } = new();

    /// <summary><c>exact</c>: upper and lower case are the same.</summary>
    public bool IgnoreCase { get; init; }

    /// <summary><c>numeric</c>: largest difference |response − gold| that still counts; 0 compares exactly.</summary>
    public double Tolerance { get; init; } = 1e-6;

    /// <summary><c>math</c>: where the answer is looked for, and what counts as equal.</summary>
    public MathSettings Math { get; init; } = new();

    /// <summary>Strings that end a response; <c>exact</c> and <c>numeric</c> take one off the end before they look.</summary>
    public ImmutableArray<string> StopStrings { get; init; } = [];
}

/// <summary>The verifiers that configuration can name.</summary>
public static class Verifiers
{
    public static IReadOnlyList<string> Names { get; } = [BuiltinVerifier.VerifierName, ExactVerifier.VerifierName, MathVerifier.VerifierName, NumericVerifier.VerifierName];

    /// <exception cref="ArgumentException">The name is not known, or a setting is out of range.</exception>
    public static IVerifier Create(string name, VerifierSettings? settings = null)
    {
        settings ??= new();
        return name switch
        {
            BuiltinVerifier.VerifierName => TaskRegistry.Verifier(settings.Task),
            ExactVerifier.VerifierName => new ExactVerifier(settings),
            MathVerifier.VerifierName => new MathVerifier(settings.Math),
            NumericVerifier.VerifierName => new NumericVerifier(settings),
            _ => throw new ArgumentException($"Verifier '{name}' is not known; known are {string.Join(", ", Names)}.", nameof(name)),
        };
    }

    /// <summary>The response without the stop string that ended it and without white space round it.</summary>
    internal static string Strip(string response, ImmutableArray<string> stopStrings)
    {
        string? stop = stopStrings.FirstOrDefault(s => response.EndsWith(s, StringComparison.Ordinal));
        return (stop is null ? response : response[..^stop.Length]).Trim();
    }
}
