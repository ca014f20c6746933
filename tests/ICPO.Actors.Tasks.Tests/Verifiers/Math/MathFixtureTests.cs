using System.Text.Json;
using ICPO.Actors.Contracts;

namespace ICPO.Actors.Tasks.Tests;

/// <summary>Agreement with labels that others gave. The shares are the project's promises; every disagreement is printed.</summary>
public sealed class MathFixtureTests(ITestOutputHelper output)
{
    private static readonly MathVerifier Verifier = new(new());

    [Fact]
    public void Pairs_whose_truth_is_known_are_judged_by_it() => Pairs(row => Truth(row), 0.995, "truth");

    [Fact]
    public void Pairs_of_convention_are_judged_as_the_field_does() => Pairs(row => Truth(row) is null ? row.GetProperty("label").GetBoolean() : null, 0.97, "label where truth is unknown");

    [Fact]
    public void Verdicts_do_not_depend_on_which_side_is_gold()
    {
        Agreement agreement = new(output);
        foreach (JsonElement row in Agreement.Rows(Fixtures.Folder("verifier"), "gold", "pred", "label").Where(r => !r.GetProperty("category").GetString()!.StartsWith("a_", StringComparison.Ordinal)))
        {
            string gold = Text(row, "gold"), answer = Text(row, "pred");
            bool forward = Verifier.Judge(gold, answer).Verdict == Verdict.Correct, backward = Verifier.Judge(answer, gold).Verdict == Verdict.Correct;
            agreement.Add(forward == backward, () => $"{gold} | {answer} | {forward} against {backward}");
        }

        agreement.AssertAtLeast(1, "symmetry");
    }

    [Fact]
    public void The_tests_of_the_fields_standard_agree()
    {
        Agreement agreement = new(output);
        foreach (JsonElement row in Agreement.Rows(DataFolder(), "gold", "pred", "expected", "precision"))
        {
            int precision = row.GetProperty("precision").GetInt32();
            MathVerifier verifier = precision == 6 ? Verifier : new(new() { RoundTo = precision });
            Check(agreement, verifier, row, row.GetProperty("expected").GetBoolean());
        }

        agreement.AssertAtLeast(0.97, "tests of Math-Verify");
    }

    [Fact]
    public void The_tests_of_other_graders_agree()
    {
        Agreement agreement = new(output);
        foreach (JsonElement row in Agreement.Rows(DataFolder(), "suite", "kind", "gold", "pred", "expected").Where(r => Text(r, "kind") == "equiv"))
        {
            Check(agreement, Verifier, row, row.GetProperty("expected").GetBoolean());
        }

        agreement.AssertAtLeast(0.95, "other graders");
    }

    [Theory]
    [InlineData(false, 0.75)]
    [InlineData(true, 0.95)]
    public void The_same_answer_is_extracted(bool asMathVerifyReads, double share)
    {
        MathVerifier verifier = new(asMathVerifyReads ? MathSettings.AsMathVerifyReads : new());
        Agreement agreement = new(output);
        foreach (JsonElement row in Agreement.Rows(Fixtures.Folder("verifier"), "text", "parsed"))
        {
            string[] parsed = [.. row.GetProperty("parsed").EnumerateArray().Select(p => Text(p, "str"))];
            string? found = verifier.Extract(Text(row, "text"));
            bool same = found is null ? parsed.Length == 0 : parsed.Any(p => verifier.JudgeAnswer(p, found).Verdict == Verdict.Correct);
            string text = Text(row, "text").ReplaceLineEndings(" ");
            agreement.Add(same, () => $"{Text(row, "category")} | …{text[Math.Max(0, text.Length - 90)..]} | found {found ?? "nothing"} | theirs {string.Join(" ; ", parsed)}");
        }

        agreement.AssertAtLeast(share, asMathVerifyReads ? "extraction as Math-Verify reads" : "extraction by default");
    }

    private void Pairs(Func<JsonElement, bool?> label, double share, string what)
    {
        Agreement agreement = new(output);
        foreach (JsonElement row in Agreement.Rows(Fixtures.Folder("verifier"), "gold", "pred", "label"))
        {
            if (label(row) is { } expected)
            {
                Check(agreement, Verifier, row, expected);
            }
        }

        agreement.AssertAtLeast(share, what);
    }

    private static void Check(Agreement agreement, MathVerifier verifier, JsonElement row, bool expected)
    {
        Judgement judgement = verifier.Judge(Text(row, "gold"), Text(row, "pred"));
        agreement.Add((judgement.Verdict == Verdict.Correct) == expected, () =>
        {
            string gold = Text(row, "gold"), answer = Text(row, "pred").ReplaceLineEndings(" ");
            return $"{Text(row, "id")} {(row.TryGetProperty("category", out JsonElement c) ? c.GetString() : "")} | …{gold[Math.Max(0, gold.Length - 120)..]} | …{answer[Math.Max(0, answer.Length - 120)..]} | label {expected} | {judgement.Verdict} {judgement.Extracted} ({judgement.Detail})";
        });
    }

    private static bool? Truth(JsonElement row) => row.TryGetProperty("truth", out JsonElement truth) && truth.ValueKind is JsonValueKind.True or JsonValueKind.False ? truth.GetBoolean() : null;

    private static string Text(JsonElement row, string key) => row.GetProperty(key).ToString();

    private static string DataFolder() => Path.GetDirectoryName(Fixtures.Data(Path.Combine("verifier", "math_verify_dev.jsonl")))!;
}
