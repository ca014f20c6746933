namespace ICPO.MathAnswers.Latex;

/// <summary>How a term of a spoken calculation becomes signs.</summary>
internal enum SpokenKind
{
    /// <summary>A sign between two operands.</summary>
    Infix,

    /// <summary>The right operand is an exponent, a number base or under a root: it is one group.</summary>
    Grouping,

    /// <summary>"5 choose 2".</summary>
    Choose,

    /// <summary>"3 point 5".</summary>
    Point,

    /// <summary>"3 squared": signs behind the operand.</summary>
    Postfix,

    /// <summary>"3 and a half".</summary>
    Fraction,
}

/// <param name="Words">The words of the term.</param>
/// <param name="Kind">What they do.</param>
/// <param name="Signs">The signs that they stand for; the denominator of a fraction after its numerator.</param>
internal sealed record SpokenTerm(string[] Words, SpokenKind Kind, params string[] Signs);
