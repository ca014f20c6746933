namespace ICPO.MathAnswers.Settings;

/// <summary>How LaTeX without math delimiters is read.</summary>
public enum UndelimitedLatex
{
    /// <summary>As a formula: "the answer is 2\sqrt{5}" is 2√5.</summary>
    Formula,

    /// <summary>Only the leading number counts, as in Math-Verify: "the answer is 2\sqrt{5}" is 2.</summary>
    NumbersOnly,
}
