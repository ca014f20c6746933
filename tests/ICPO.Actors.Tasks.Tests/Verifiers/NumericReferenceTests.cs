using System.IO.Compression;
using System.Text.Json;
using System.Text.RegularExpressions;
using ICPO.Actors.Contracts.Rollouts;
using ICPO.Actors.Contracts.Tasks;

namespace ICPO.Actors.Tasks.Tests.Verifiers;

/// <summary>The numeric verifier on responses whose truth is known, written by people and by models.</summary>
public sealed partial class NumericReferenceTests
{
    [Fact]
    public async Task The_numeric_verifier_agrees_with_the_truth_wherever_gold_and_response_are_plain_text()
    {
        string folder = Fixtures.Folder("verifier");
        IVerifier verifier = VerifierRegistry.Create("numeric");
        (int applied, int skipped) = (0, 0);
        List<string> wrong = [];
        foreach (string file in Directory.GetFiles(folder, "*.jsonl.gz"))
        {
            using var reader = new StreamReader(new GZipStream(File.OpenRead(file), CompressionMode.Decompress));
            while (await reader.ReadLineAsync(TestContext.Current.CancellationToken) is { } line)
            {
                using var row = JsonDocument.Parse(line);
                if (!Applies(row.RootElement, out string gold, out string response, out bool truth))
                {
                    skipped++;
                    continue;
                }

                applied++;
                var question = new Question
                {
                    Id = "q",
                    Text = "?",
                    Answer = gold,
                };
                Judgment judgment = await verifier.VerifyAsync(
                    question,
                    response,
                    FinishReason.Stop,
                    TestContext.Current.CancellationToken
                );
                if (truth != (judgment.Verdict == Verdict.Correct))
                {
                    wrong.Add($"{row.RootElement.GetProperty("id")}: gold {gold}, {judgment}, response {response}");
                }
            }
        }

        TestContext.Current.TestOutputHelper?.WriteLine(
            $"{applied} rows judged, {skipped} skipped (no known truth, a gold that is not a plain number, or TeX, a percent "
                + "sign or an expression in the response)"
        );
        Assert.True(applied > 0);
        Assert.True(wrong.Count <= 0.005 * applied, string.Join('\n', wrong.Prepend($"{wrong.Count} disagree:")));
    }

    /// <summary>TeX, percentages and expressions are not this verifier's to read.</summary>
    private static bool Applies(JsonElement row, out string gold, out string response, out bool truth)
    {
        (gold, response, truth) = ("", "", false);
        if (!row.TryGetProperty("truth", out JsonElement known) || known.ValueKind is not (JsonValueKind.True or JsonValueKind.False))
        {
            return false;
        }

        (gold, response, truth) = (
            row.GetProperty("gold").GetString()!.Trim('$'),
            row.GetProperty("pred").GetString()!,
            known.GetBoolean()
        );
        return PlainNumber().IsMatch(gold) && !response.AsSpan().ContainsAny('\\', '{', '%') && !Expression().IsMatch(response);
    }

    /// <summary>Between dollar signs: a sum, a power, a factorial, or a number with a letter to it.</summary>
    [GeneratedRegex(@"\$[^$\n]*(?:[+^!]|[0-9][A-Za-z])[^$\n]*\$")]
    private static partial Regex Expression();

    [GeneratedRegex(@"\A-?[0-9][0-9,]*(?:\.[0-9]+)?(?:/[0-9]+)?\z")]
    private static partial Regex PlainNumber();
}
