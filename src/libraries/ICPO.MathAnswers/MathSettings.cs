using System.Collections.Immutable;

namespace ICPO.MathAnswers;

/// <summary>Where the answer of a text is looked for.</summary>
public enum AnswerPlace
{
    /// <summary>The last <c>\boxed{…}</c>, with the ones right before it that "and", "or" or a comma join to it.</summary>
    Boxed,

    /// <summary>The line behind the last <c>####</c>, unless it is a heading.</summary>
    Hashes,

    /// <summary>
    /// Behind the last "answer is", "answer:", "answer =", "correct option is" (and its letter), 答案是, 故选 or <c>&lt;answer&gt;</c>, up to
    /// the end of the sentence.
    /// </summary>
    AnswerPhrase,

    /// <summary>
    /// The last formula (<c>$…$</c>, <c>\(…\)</c>, <c>\[…\]</c>, an environment) or the last plain number, whichever is later.
    /// </summary>
    LastValue,
}

/// <summary>How LaTeX outside of any delimiter is read.</summary>
public enum UndelimitedLatex
{
    /// <summary>As the formula it is: "the answer is 2\sqrt{5}" is 2√5.</summary>
    Formula,

    /// <summary>Only what begins with a number counts, as in Math-Verify: "the answer is 2\sqrt{5}" is 2.</summary>
    NumbersOnly,
}

/// <summary>
/// The conventions of the verifier <c>math</c>. The defaults say what is equal as mathematics, and are lenient where a question usually
/// names
/// the form (63 % asked as a percentage, an angle in degrees, digits in a base).
/// </summary>
public sealed record MathSettings
{
    /// <summary>Where the answer is looked for: the first place that has one wins.</summary>
    public ImmutableArray<AnswerPlace> Order { get; init; } =
    [AnswerPlace.Boxed, AnswerPlace.Hashes, AnswerPlace.AnswerPhrase, AnswerPlace.LastValue];

    /// <summary>Skip <c>&lt;think&gt;…&lt;/think&gt;</c>: an answer inside the thoughts is none.</summary>
    public bool SkipThoughts { get; init; } = true;

    public UndelimitedLatex UndelimitedLatex { get; init; } = UndelimitedLatex.Formula;

    /// <summary>63 % equals 63 as well as 0.63. Without it, 0.63 only.</summary>
    public bool PercentIsNumber { get; init; } = true;

    /// <summary>90° equals 90 as well as π/2. Without it, π/2 only.</summary>
    public bool DegreesAreNumbers { get; init; } = true;

    /// <summary>1011₂ equals 1011 (the question names the base) as well as 11; 1011₂ and 1011₃ always differ.</summary>
    public bool BaseMayBeLeftOut { get; init; } = true;

    /// <summary>
    /// 5 cm equals 5 (the question names the unit). Known units on both sides always count: 5 cm is not 5 m, 5 kg or 5 cm², and 100 cm is 1
    /// m.
    /// Of units that are not known, only the value counts.
    /// </summary>
    public bool UnitMayBeLeftOut { get; init; } = true;

    /// <summary>
    /// The point (1, 2) equals the vectors ⟨1, 2⟩ and the column of 1 and 2. These, and [1, 2] beside the column, are always equal.
    /// </summary>
    public bool PointsAreVectors { get; init; }

    /// <summary>"y = 2x + 1" equals "2x + 1", and "x = 5" equals "5".</summary>
    public bool NameMayBeLeftOut { get; init; } = true;

    /// <summary>
    /// Decimals that a decimal number must agree in with an irrational one (√2 = 1.414214), three of its digits at least. A rational number
    /// has an exact decimal or none:
    /// 1/3 is not 0.333333, except to the twelve or more digits that a calculator prints.
    /// </summary>
    public int IrrationalDecimals { get; init; } = 6;

    /// <summary>
    /// Numbers that agree when rounded to so many decimals are equal; null: only exact ones (and as <see cref="IrrationalDecimals"/> says).
    /// </summary>
    public int? RoundTo { get; init; }

    /// <summary>Numbers whose difference is at most this part of the larger one are equal; for answers of physics. 0: exact.</summary>
    public double RelativeTolerance { get; init; }

    /// <summary>Small operations that one verdict may cost; past them it is <c>Wrong</c>.</summary>
    public int Budget { get; init; } = 200_000;

    /// <summary>
    /// Reads texts as Math-Verify's <c>parse</c> does where that differs: inside thoughts too, and numbers only outside of formulas.
    /// </summary>
    public static MathSettings AsMathVerifyReads { get; } = new() { SkipThoughts = false, UndelimitedLatex = UndelimitedLatex.NumbersOnly };
}
