using System.Text.Json;
using ICPO.MathAnswers.Settings;

namespace ICPO.MathAnswers.Tests;

/// <summary>Agreement with labels made by others. The asserted shares are what the README states; every disagreement is printed.</summary>
public sealed class MathFixtureTests(ITestOutputHelper output)
{
    private static readonly MathJudge Judge = new();

    [Fact]
    public void Pairs_whose_truth_is_known_are_judged_by_it() => Pairs(row => Truth(row), 0.995, "truth");

    [Fact]
    public void Pairs_of_convention_are_judged_as_the_field_does() =>
        Pairs(row => Truth(row) is null ? row.GetProperty("label").GetBoolean() : null, 0.97, "label where truth is unknown");

    [Fact]
    public void Verdicts_do_not_depend_on_which_side_is_gold()
    {
        Agreement agreement = new(output);
        foreach (
            JsonElement row in Agreement
                .Rows(Fixtures.Folder("verifier"), "gold", "pred", "label")
                .Where(r => !r.GetProperty("category").GetString()!.StartsWith("a_", StringComparison.Ordinal))
        )
        {
            string gold = Text(row, "gold"),
                answer = Text(row, "pred");
            bool forward = Judge.Judge(gold, answer).Kind == MathVerdictKind.Correct,
                backward = Judge.Judge(answer, gold).Kind == MathVerdictKind.Correct;
            agreement.Add(forward == backward, () => $"{gold} | {answer} | {forward} against {backward}");
        }

        agreement.AssertAtLeast(1, "symmetry");
    }

    [Fact]
    public void The_tests_of_the_fields_standard_agree()
    {
        Agreement agreement = new(output);
        foreach (JsonElement row in Graders("gold", "pred", "expected", "precision"))
        {
            int precision = row.GetProperty("precision").GetInt32();
            MathJudge judge = precision == 6 ? Judge : new(new() { RoundTo = precision });
            Check(agreement, judge, row, row.GetProperty("expected").GetBoolean());
        }

        agreement.AssertAtLeast(0.97, "tests of Math-Verify");
    }

    [Fact]
    public void The_tests_of_other_graders_agree()
    {
        Agreement agreement = new(output);
        foreach (JsonElement row in Graders("suite", "kind", "gold", "pred", "expected").Where(r => Text(r, "kind") == "equiv"))
        {
            Check(agreement, Judge, row, row.GetProperty("expected").GetBoolean());
        }

        agreement.AssertAtLeast(0.95, "other graders");
    }

    /// <summary>
    /// By default an answer is read where Math-Verify reads a fragment or nothing: such differences are counted by reason and set aside; of
    /// what
    /// is left the same answer is found in at least 95 %. Math-Verify's own reading is a matter of two keys.
    /// </summary>
    [Fact]
    public void The_same_answer_is_extracted()
    {
        MathJudge byDefault = new(new()),
            asTheirs = new(MathSettings.AsMathVerifyReads),
            inThoughts = new(new() { SkipThoughts = false }),
            numbersOnly = new(new() { UndelimitedLatex = UndelimitedLatex.NumbersOnly });
        Agreement usual = new(output),
            theirs = new(output);
        SortedDictionary<string, int> reasons = [];
        foreach (JsonElement row in Agreement.Rows(Fixtures.Folder("verifier"), "text", "parsed"))
        {
            string text = Text(row, "text"),
                line = text.ReplaceLineEndings(" ");
            string[] parsed = [.. row.GetProperty("parsed").EnumerateArray().Select(p => Text(p, "str"))];
            theirs.Add(IsSame(asTheirs, text, parsed), () => Describe(asTheirs));
            string? reason =
                IsSame(byDefault, text, parsed) ? null
                : IsSame(inThoughts, text, parsed) ? "Math-Verify takes an answer out of the thoughts (math.skip-thoughts)"
                : IsSame(numbersOnly, text, parsed)
                    ? "Math-Verify takes the last number of LaTeX outside of a formula (math.undelimited-latex)"
                : parsed.Length == 0 ? "Math-Verify reads nothing where there is an answer"
                : byDefault.Extract(text) is { } found
                && parsed.Any(p => p.Length < found.Length && found.Contains(p, StringComparison.Ordinal))
                    ? "Math-Verify reads a part of the answer"
                : inThoughts.Extract(text) is { } sentence && parsed.Any(p => sentence.Contains(p, StringComparison.Ordinal))
                    ? "Math-Verify takes a value that its sentence leaves open, in thoughts"
                : "another answer";
            if (reason is not null)
            {
                reasons[reason] = reasons.GetValueOrDefault(reason) + 1;
            }

            usual.Add(reason != "another answer", () => Describe(byDefault));

            string Describe(MathJudge judge) =>
                $"{Text(row, "category")} | …{line[Math.Max(0, line.Length - 90)..]} | found "
                + $"{judge.Extract(text) ?? "nothing"} | theirs {string.Join(" ; ", parsed)}";
        }

        foreach ((string reason, int count) in reasons)
        {
            output.WriteLine($"{count} times: {reason}");
        }

        usual.AssertAtLeast(0.95, "extraction by default, but for what Math-Verify does not read");
        theirs.AssertAtLeast(0.95, "extraction as Math-Verify reads");

        static bool IsSame(MathJudge judge, string text, string[] parsed) =>
            judge.Extract(text) is { } found
                ? parsed.Any(p => judge.JudgeAnswer(p, found).Kind == MathVerdictKind.Correct)
                : parsed.Length == 0;
    }

    private void Pairs(Func<JsonElement, bool?> label, double share, string what)
    {
        Agreement agreement = new(output);
        foreach (JsonElement row in Agreement.Rows(Fixtures.Folder("verifier"), "gold", "pred", "label"))
        {
            if (label(row) is { } expected)
            {
                Check(agreement, Judge, row, expected);
            }
        }

        agreement.AssertAtLeast(share, what);
    }

    private static void Check(Agreement agreement, MathJudge judge, JsonElement row, bool expected)
    {
        MathVerdict verdict = judge.Judge(Text(row, "gold"), Text(row, "pred"));
        agreement.Add((verdict.Kind == MathVerdictKind.Correct) == expected, () =>
        {
            string gold = Text(row, "gold"),
                answer = Text(row, "pred").ReplaceLineEndings(" ");
            return $"{Text(row, "id")} {(row.TryGetProperty("category", out JsonElement c) ? c.GetString() : "")} | "
                + $"…{gold[Math.Max(0, gold.Length - 120)..]} | …{answer[Math.Max(0, answer.Length - 120)..]} | label {expected} | "
                + $"{verdict.Kind} {verdict.Extracted} ({verdict.Detail})";
        });
    }

    private static bool? Truth(JsonElement row) =>
        row.TryGetProperty("truth", out JsonElement truth) && truth.ValueKind is JsonValueKind.True or JsonValueKind.False
            ? truth.GetBoolean()
            : null;

    private static string Text(JsonElement row, string key) => row.GetProperty(key).ToString();

    /// <summary>Rows of other graders' tests, stored with the fixtures or with the real data.</summary>
    private static List<JsonElement> Graders(params string[] keys)
    {
        string[] folders = [.. new[] { "verifier", Path.Combine("..", "data", "verifier") }.Select(Fixtures.Place).Where(Directory.Exists)];
        List<JsonElement> rows = [.. folders.SelectMany(folder => Agreement.Rows(folder, keys))];
        Assert.SkipWhen(
            rows.Count == 0,
            $"no rows with {string.Join(", ", keys)} in "
                + $"{(folders.Length == 0 ? "the fixtures, which are absent" : string.Join(", ", folders))}"
        );
        return rows;
    }
}
