using System.Text.RegularExpressions;
using ICPO.MathAnswers;

namespace ICPO.Actors.Tasks.Datasets;

/// <summary>Extracts the gold answer from a worked solution.</summary>
internal static partial class GoldAnswers
{
    private const string Hashes = "####";

    /// <summary>GSM8K: the text before the last <c>####</c> and the answer after it; null if there is none.</summary>
    public static (string Solution, string Answer)? AfterHashes(string text)
    {
        int at = text.LastIndexOf(Hashes, StringComparison.Ordinal);
        string answer = at < 0 ? "" : text[(at + Hashes.Length)..].Trim();
        return answer.Length == 0 ? null : (text[..at].TrimEnd(), answer);
    }

    /// <summary>MATH: the content of the last box; null if there is none.</summary>
    public static string? Boxed(string solution) => MathText.LastBox(solution);

    /// <summary>A solution without GSM8K's calculator annotations.</summary>
    public static string WithoutCalculator(string solution) =>
        solution.Contains("<<", StringComparison.Ordinal) ? Annotation().Replace(solution, "") : solution;

    [GeneratedRegex(@"<<[^<>\n]*>>", RegexOptions.CultureInvariant)]
    private static partial Regex Annotation();
}
