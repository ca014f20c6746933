using System.Text.Json;
using ICPO.Actors.Contracts.Rollouts;
using ICPO.Actors.Contracts.Tasks;
using ICPO.Actors.Tasks.Verifiers;

namespace ICPO.Actors.Tasks.Tests.Verifiers;

/// <summary>Answers that other projects' verifiers judged wrongly, by their public reports: right verdicts with default settings.</summary>
public sealed class ReportedAnswersTests
{
    [Fact]
    public async Task Every_reported_answer_gets_its_verdict()
    {
        List<string> wrong = [];
        int rows = 0;
        foreach (JsonElement row in Rows("reports/answers").Concat(Rows("reports/fuzz/math")))
        {
            rows++;
            Question question = new()
            {
                Id = row.TryGetProperty("id", out JsonElement id) ? id.GetString()! : $"{rows}",
                Text = row.TryGetProperty("question", out JsonElement text) ? text.GetString()! : "?",
                Answer = row.GetProperty("gold").GetString()!,
            };

            // Rows with a question that lists options are for multiple choice.
            IVerifier verifier = VerifierRegistry.Create(MultipleChoice.Options(question.Text).Count > 0 ? "multiple-choice" : "math");
            Judgment judgment = await verifier.VerifyAsync(
                question,
                row.GetProperty("prediction").GetString()!,
                FinishReason.Stop,
                TestContext.Current.CancellationToken
            );
            string verdict = row.GetProperty("verdict").GetString()!;
            if ((judgment.Verdict == Verdict.Correct) != (verdict == "correct"))
            {
                wrong.Add($"{question.Id}: {question.Answer} | {row.GetProperty("prediction")} | {judgment.Verdict} {judgment.Detail}");
            }
        }

        Fixtures.Count(rows, 0, "rows of reported answers");
        Assert.True(wrong.Count == 0, $"{wrong.Count} of {rows}:\n{string.Join('\n', wrong)}");
    }

    private static IEnumerable<JsonElement> Rows(string folder) =>
        Directory
            .EnumerateFiles(Fixtures.Require(folder), "*.jsonl")
            .Order(StringComparer.Ordinal)
            .SelectMany(File.ReadLines)
            .Where(line => line.Length > 0)
            .Select(line => JsonDocument.Parse(line).RootElement);
}
