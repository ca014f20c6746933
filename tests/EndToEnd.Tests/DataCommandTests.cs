using System.Text.Json;

namespace ICPO.Actors.EndToEnd.Tests;

public sealed class DataCommandTests
{
    [Fact]
    public async Task A_benchmark_is_asked_whole_and_told_by_subject_as_text_JSON_and_Markdown()
    {
        using var directory = new TemporaryDirectory();
        string file = directory.File("math500.jsonl", string.Join('\n', Enumerable.Range(0, 6).Select(i =>
            $"{{\"problem\": \"AB314{i}=\", \"solution\": \"s\", \"answer\": \"{i}\", \"subject\": \"{(i < 2 ? "Algebra" : "Geometry")}\", \"level\": 1, \"unique_id\": \"u{i}\"}}")));
        string[] command =
        [
            "eval", "--benchmark", "math500", "--samples", "2", "--set", "task.jsonl.max-tokens=4", "--set", "verification.verifier=exact", "--set", "engine.count=1",
        ];

        // The bundled model knows letters of its own only: the plain prompt's words are refused by name, which is the sentence wanted here.
        Ended ended = await Icpo.RunAsync([.. command, "--data", directory.Path]);
        if (ended.ExitCode == 2)
        {
            Assert.StartsWith("icpo: ", ended.Errors);
            Assert.DoesNotContain("   at ", ended.Errors);
            return;
        }

        Assert.Equal((0, ""), (ended.ExitCode, ended.Errors));
        Assert.Contains("subject=Geometry", ended.Output);
        string rates = System.IO.Path.Combine(directory.Path, "rates.jsonl");
        Ended json = await Icpo.RunAsync([.. command, "--data", $"math500={file}", "--json", "--per-question", rates]);
        using JsonDocument document = JsonDocument.Parse(json.Output);
        Assert.Equal(["all", "level=1", "subject=Algebra", "subject=Geometry"], document.RootElement[0].GetProperty("results").EnumerateArray().Select(r => r.GetProperty("name").GetString()));
        Assert.Equal(6, System.IO.File.ReadLines(rates).Count());
        Ended markdown = await Icpo.RunAsync([.. command, "--data", file, "--markdown"]);
        Assert.Contains("| subject=Algebra | 2 |", markdown.Output);
        Assert.Contains("avg@2", markdown.Output);
    }

    [Fact]
    public async Task A_text_is_scored_token_by_token_and_a_prompt_stands_before_it()
    {
        using var directory = new TemporaryDirectory();
        string file = directory.File("in.jsonl", "{\"text\": \"AB3142=\"}\n{\"prompt\": \"AB\", \"text\": \"3142=\"}\n");
        string model = System.IO.Path.Combine(AppContext.BaseDirectory, "models", "symbol-rules");
        Ended ended = await Icpo.RunAsync("score", file, "--model", model);
        Assert.Equal((0, ""), (ended.ExitCode, ended.Errors));
        double?[][] scores = [.. ended.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line =>
        {
            using JsonDocument document = JsonDocument.Parse(line);
            return document.RootElement.GetProperty("log_probabilities").EnumerateArray().Select(v => v.ValueKind == JsonValueKind.Null ? (double?)null : v.GetDouble()).ToArray();
        })];
        Assert.Null(scores[0][0]);
        Assert.Equal(scores[0].TakeLast(scores[1].Length).Select(v => Math.Round(v!.Value, 4)), scores[1].Select(v => Math.Round(v!.Value, 4)));
        Assert.All(scores[1], v => Assert.True(v < 0));
    }
}
