using System.Collections.Immutable;

namespace ICPO.MathAnswers.Extraction;

/// <summary>What a clause does with the values in it.</summary>
internal enum ClauseKind
{
    /// <summary>It gives its first value, or it has none.</summary>
    Names,

    /// <summary>It rules its value out.</summary>
    Denies,

    /// <summary>It gives a bound or a range.</summary>
    Bounds,

    /// <summary>It gives several values.</summary>
    Lists,

    /// <summary>It does not commit to its value.</summary>
    Hedges,
}

/// <param name="Kind">The kind of statement.</param>
/// <param name="Values">The values, as written, of a denial or a list.</param>
internal sealed record ClauseReading(ClauseKind Kind, ImmutableArray<string> Values)
{
    public static readonly ClauseReading Names = new(ClauseKind.Names, []);
    public static readonly ClauseReading Bounds = new(ClauseKind.Bounds, []);
    public static readonly ClauseReading Hedges = new(ClauseKind.Hedges, []);
}
