namespace ICPO.MathAnswers;

/// <summary>The answer in a gold text.</summary>
/// <param name="Extracted">The answer, as written there; null if none was found.</param>
/// <param name="Problem">Why it cannot be compared with a response; null if it can.</param>
public sealed record MathGold(string? Extracted, string? Problem = null);
