using System.Collections.Immutable;

namespace ICPO.MathAnswers.Settings;

/// <summary>
/// How answers are found and compared. The defaults compare mathematical meaning and are lenient if a question usually determines the form
/// (63 % asked as a percentage, an angle in degrees, digits in a base).
/// </summary>
public sealed record MathSettings
{
    /// <summary>The places to search; the first one that holds an answer wins.</summary>
    public ImmutableArray<AnswerPlace> Order { get; init; } =
    [AnswerPlace.Boxed, AnswerPlace.Hashes, AnswerPlace.AnswerPhrase, AnswerPlace.LastValue];

    /// <summary>Ignore everything inside thoughts (<see cref="ThoughtMarks"/>).</summary>
    public bool SkipThoughts { get; init; } = true;

    /// <summary>
    /// The marks around thoughts: names (<c>think</c> for <c>&lt;think&gt;…&lt;/think&gt;</c>, <c>[THINK]…[/THINK]</c> and the like), or an
    /// opening and a closing mark separated by a space.
    /// </summary>
    public ImmutableArray<string> ThoughtMarks { get; init; } = Settings.ThoughtMarks.Default;

    public UndelimitedLatex UndelimitedLatex { get; init; } = UndelimitedLatex.Formula;

    /// <summary>63 % equals 63 as well as 0.63. If false, only 0.63.</summary>
    public bool PercentIsNumber { get; init; } = true;

    /// <summary>90° equals 90 as well as π/2. If false, only π/2.</summary>
    public bool DegreesAreNumbers { get; init; } = true;

    /// <summary>1011₂ equals 1011 (the question names the base) as well as 11; 1011₂ and 1011₃ always differ.</summary>
    public bool BaseMayBeLeftOut { get; init; } = true;

    /// <summary>
    /// 5 cm equals 5 (the question names the unit). Known units on both sides always count: 5 cm is not 5 m, 5 kg or 5 cm², and 100 cm is
    /// 1 m. For unknown units only the value counts.
    /// </summary>
    public bool UnitMayBeLeftOut { get; init; } = true;

    /// <summary>
    /// The point (1, 2) equals the vector ⟨1, 2⟩ and the column vector of 1 and 2. These two always equal each other, and [1, 2] always
    /// equals the column vector.
    /// </summary>
    public bool PointsAreVectors { get; init; }

    /// <summary>"y = 2x + 1" equals "2x + 1", and "x = 5" equals "5".</summary>
    public bool NameMayBeLeftOut { get; init; } = true;

    /// <summary>
    /// <c>\log</c> without a base equals the natural logarithm as well as the one to base 10, the same on both sides. If false, only to
    /// base 10.
    /// </summary>
    public bool LogIsNatural { get; init; } = true;

    /// <summary>
    /// Decimals in which a decimal number must agree with an irrational one (√2 = 1.414214), at least three of its digits. A rational
    /// number has an exact decimal or none: 1/3 is not 0.333333, except for the twelve or more digits that a calculator prints.
    /// </summary>
    public int IrrationalDecimals { get; init; } = 6;

    /// <summary>
    /// Numbers that agree when rounded to this many decimals are equal. Null: exact comparison (and <see cref="IrrationalDecimals"/>).
    /// </summary>
    public int? RoundTo { get; init; }

    /// <summary>
    /// Numbers are equal if |a − b| is at most this fraction of the larger one; for physics answers. 0: exact comparison.
    /// </summary>
    public double RelativeTolerance { get; init; }

    /// <summary>Elementary operations that one verdict may use; a comparison that exceeds it is <c>Wrong</c>.</summary>
    public int Budget { get; init; } = 200_000;

    /// <summary>
    /// Reads texts like Math-Verify's <c>parse</c> where the defaults differ: also inside thoughts, and only numbers outside of formulas.
    /// </summary>
    public static MathSettings AsMathVerifyReads { get; } = new() { SkipThoughts = false, UndelimitedLatex = UndelimitedLatex.NumbersOnly };

    /// <exception cref="ArgumentException">A value is out of range; the message names it.</exception>
    internal void Validate()
    {
        if (Order.IsDefaultOrEmpty)
        {
            throw new ArgumentException($"{nameof(MathSettings)}.{nameof(Order)} is empty; name at least one place to look for an answer.");
        }

        if (!ThoughtMarks.IsDefault && ThoughtMarks.Select(Settings.ThoughtMarks.Problem).FirstOrDefault(p => p is not null) is { } problem)
        {
            throw new ArgumentException(problem);
        }

        if (Budget < 100 || IrrationalDecimals < 1 || RoundTo is < 0 or > 15 || !(RelativeTolerance is >= 0 and < 1))
        {
            throw new ArgumentException(
                $"{nameof(MathSettings)} needs {nameof(Budget)} >= 100, {nameof(IrrationalDecimals)} >= 1, "
                    + $"{nameof(RoundTo)} in 0..15 (or null) and 0 <= {nameof(RelativeTolerance)} < 1."
            );
        }
    }
}
