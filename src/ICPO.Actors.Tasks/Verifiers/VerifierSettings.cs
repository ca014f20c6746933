using System.Collections.Immutable;
using ICPO.MathAnswers.Settings;

namespace ICPO.Actors.Tasks.Verifiers;

/// <summary>How strict the verifiers are.</summary>
public sealed record VerifierSettings
{
    /// <summary><c>exact</c> and <c>regex</c>: upper and lower case are the same.</summary>
    public bool IgnoreCase { get; init; }

    /// <summary><c>numeric</c>: largest difference |response − gold| that still counts; 0 compares exactly.</summary>
    public double Tolerance { get; init; } = 1e-6;

    /// <summary><c>math</c>: where the answer is looked for, and what counts as equal.</summary>
    public MathSettings Math { get; init; } = new();

    public RegexSettings Regex { get; init; } = new();

    public FormatSettings Format { get; init; } = new();

    public CompositeSettings Composite { get; init; } = new();

    /// <summary>Strings that end a response; <c>exact</c>, <c>numeric</c> and <c>regex</c> take one off the end before they look.</summary>
    public ImmutableArray<string> StopStrings { get; init; } = [];
}

/// <summary>Of the verifier <c>regex</c>.</summary>
public sealed record RegexSettings
{
    /// <summary>
    /// Finds the answer: its group "answer", else its first group, else all of the match. Empty: the gold answer is the pattern.
    /// </summary>
    public string Pattern { get; init; } = "";

    /// <summary>A match that takes longer has timed out.</summary>
    public TimeSpan MatchTimeout { get; init; } = TimeSpan.FromSeconds(1);
}

/// <summary>What a response has to look like.</summary>
public enum ResponseForm
{
    /// <summary>A closed, filled <c>\boxed{…}</c> behind the thoughts, if there are any.</summary>
    Boxed,

    /// <summary>One block <c>&lt;think&gt;…&lt;/think&gt;</c> and something behind it; the opening tag may be the prompt's.</summary>
    Think,

    /// <summary>Both.</summary>
    ThinkBoxed,

    /// <summary>What <see cref="FormatSettings.Pattern"/> says.</summary>
    Pattern,
}

/// <summary>Of the verifier <c>format</c>.</summary>
public sealed record FormatSettings
{
    public ResponseForm Form { get; init; } = ResponseForm.Boxed;

    /// <summary>A .NET regular expression that must match somewhere in the response.</summary>
    public string Pattern { get; init; } = "";
}

/// <summary>A verifier and how much its reward weighs.</summary>
public sealed record CompositePart(string Verifier, double Weight)
{
    /// <summary>Reads "math 0.9".</summary>
    /// <returns>Null where it is not a name and a weight above 0.</returns>
    public static CompositePart? Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return
            text.Split(' ', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries) is [var name, var weight]
            && double.TryParse(
                weight,
                System.Globalization.NumberStyles.AllowDecimalPoint,
                System.Globalization.CultureInfo.InvariantCulture,
                out double value
            )
            && value > 0
            && double.IsFinite(value)
            ? new(name, value)
            : null;
    }
}

/// <summary>Of the verifier <c>composite</c>.</summary>
public sealed record CompositeSettings
{
    /// <summary>The reward is the mean of theirs by weight.</summary>
    public ImmutableArray<CompositePart> Parts { get; init; } = [new("math", 0.9), new("format", 0.1)];

    /// <summary>The least reward that is called Correct.</summary>
    public double Threshold { get; init; } = 0.9;
}
