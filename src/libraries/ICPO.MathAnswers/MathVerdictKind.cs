namespace ICPO.MathAnswers;

/// <summary>The result of comparing a response with a gold answer.</summary>
public enum MathVerdictKind
{
    /// <summary>The answers mean the same.</summary>
    Correct,

    /// <summary>The response holds another answer, or the comparison exceeds its budget.</summary>
    Wrong,

    /// <summary>The response holds no answer that can be parsed, or was cut off in it.</summary>
    Unparseable,

    /// <summary>The gold answer cannot be parsed: a fault of the data, not of the response.</summary>
    InvalidGold,
}
