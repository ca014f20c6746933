namespace Fuzz.Running;

/// <summary>What fuzzing one reader gave.</summary>
/// <param name="Reader">Its name.</param>
/// <param name="Inputs">Inputs that were read.</param>
/// <param name="Findings">Number of the input, and what is wrong.</param>
/// <param name="Time">How long it took.</param>
internal sealed record Outcome(string Reader, long Inputs, IReadOnlyList<(long Number, string Problem)> Findings, TimeSpan Time)
{
    public int Count(string kind) => Findings.Count(finding => finding.Problem.StartsWith(kind, StringComparison.Ordinal));
}
