namespace ICPO.MathAnswers.Tests.Kinds;

/// <summary>
/// A table of gold answers, responses and right verdicts: one a line, separated by ¦. Every row is checked before the test fails.
/// </summary>
internal static class Neighbors
{
    public static void Check(string table, MathJudge? judge = null)
    {
        judge ??= new();
        List<string> wrong = [];
        string[] lines = table.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        foreach (string line in lines)
        {
            string[] cells = line.Split('¦', StringSplitOptions.TrimEntries);
            MathVerdict verdict = judge.Judge(cells[0], cells[1].Replace("⏎", "\n", StringComparison.Ordinal));
            if (verdict.IsCorrect != (cells[2] == "correct"))
            {
                wrong.Add($"{line} but {verdict.Kind} {verdict.Extracted} ({verdict.Detail})");
            }
        }

        Assert.True(lines.Length >= 20, "a kind has at least twenty neighbors");
        Assert.True(wrong.Count == 0, $"{wrong.Count} of {lines.Length}:\n{string.Join('\n', wrong)}");
    }
}
