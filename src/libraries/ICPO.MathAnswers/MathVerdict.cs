namespace ICPO.MathAnswers;

/// <summary>A verdict and its reason.</summary>
/// <param name="Kind">The verdict.</param>
/// <param name="Extracted">The answer found in the response, as written there; null if there is none.</param>
/// <param name="Detail">A one-line reason for a verdict that is not <see cref="MathVerdictKind.Correct"/>.</param>
public sealed record MathVerdict(MathVerdictKind Kind, string? Extracted = null, string? Detail = null)
{
    public bool IsCorrect => Kind == MathVerdictKind.Correct;
}
