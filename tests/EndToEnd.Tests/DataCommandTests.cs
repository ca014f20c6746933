using System.IO.Compression;
using System.Text.Json;

namespace EndToEnd.Tests;

public sealed class DataCommandTests
{
    [Fact]
    public async Task A_benchmark_is_reported_by_subject_as_text_JSON_and_Markdown()
    {
        using var directory = new TemporaryFolder();
        string file = directory.Write(
            "math500.jsonl",
            string.Join('\n', Enumerable.Range(0, 6).Select(i => Problem(i, i < 2 ? "Algebra" : "Geometry")))
        );

        // The bundled model only knows the characters of its own task, so its chat template adds no text.
        string model = directory.Folder("model");
        foreach (string part in Directory.GetFiles(Path.Combine(AppContext.BaseDirectory, "models", "symbol-rules")))
        {
            File.Copy(part, Path.Combine(model, Path.GetFileName(part)));
        }

        File.WriteAllText(Path.Combine(model, "chat_template.jinja"), "{% for m in messages %}{{ m.content }}{% endfor %}");
        string[] command =
        [
            "eval",
            "--model",
            model,
            "--benchmark",
            "math500",
            "--samples",
            "2",
            "--set",
            "task.prompt.style=chat",
            "--set",
            "task.jsonl.max-tokens=16",
            "--set",
            "verification.verifier=exact",
            "--set",
            "engine.count=1",
        ];
        ProcessEnd ended = await IcpoProcess.RunAsync([.. command, "--data", directory.Path]);
        Assert.Equal((0, ""), (ended.ExitCode, ended.Errors));
        Assert.Contains("subject=Geometry", ended.Output);
        string rates = directory.In("rates.jsonl");
        ProcessEnd json = await IcpoProcess.RunAsync([.. command, "--data", $"math500={file}", "--json", "--per-question", rates]);
        using var document = JsonDocument.Parse(json.Output);
        Assert.Equal(
            ["all", "level=1", "subject=Algebra", "subject=Geometry"],
            document.RootElement[0].GetProperty("results").EnumerateArray().Select(r => r.GetProperty("name").GetString())
        );
        Assert.Equal(6, File.ReadLines(rates).Count());
        JsonElement conditions = document.RootElement[0].GetProperty("conditions");
        Assert.Equal(
            ("chat", "exact", 16),
            (
                conditions.GetProperty("prompt").GetString(),
                conditions.GetProperty("verifier").GetString(),
                conditions.GetProperty("max_tokens").GetInt32()
            )
        );
        Assert.StartsWith("AB314", conditions.GetProperty("first_prompt").GetString());
        string responses = directory.In("responses.jsonl");
        ProcessEnd markdown = await IcpoProcess.RunAsync([.. command, "--data", file, "--markdown", "--responses", responses]);
        Assert.Contains("0 demonstrations", markdown.Output);

        // The written responses can be verified again with the same verdicts.
        string[] written = File.ReadAllLines(responses);
        Assert.Equal(12, written.Length);
        ProcessEnd again = await IcpoProcess.RunAsync("verify", responses, "--verifier", "exact");
        Assert.Equal(0, again.ExitCode);
        Assert.Equal(written.Select(Verdict), again.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(Verdict));
        Assert.Contains("| subject=Algebra | 2 |", markdown.Output);
        Assert.Contains("avg@2", markdown.Output);
    }

    [Fact]
    public async Task An_invalid_benchmark_file_is_reported_before_any_benchmark_starts()
    {
        using var directory = new TemporaryFolder();
        string good = directory.Write("good.jsonl", "{\"question\": \"q\", \"answer\": \"#### 1\"}"),
            bad = directory.Write("bad.jsonl", "{\"problem\": \"q\"}");
        ProcessEnd ended = await IcpoProcess.RunAsync(
            "eval",
            "--benchmark",
            "gsm8k,math500",
            "--data",
            $"gsm8k={good}",
            "--data",
            $"math500={bad}"
        );
        Assert.Equal((2, ""), (ended.ExitCode, ended.Output));
        Assert.StartsWith($"icpo: {bad}:1:", ended.Errors);
        Assert.Contains("'answer'", ended.Errors);
    }

    [Theory]
    [InlineData("leave-out", "at least 3")]
    [InlineData("stop", "3")]
    public async Task Reference_answers_that_cannot_be_read_end_the_command_before_a_run_starts(string rule, string first)
    {
        using var directory = new TemporaryFolder();
        string file = directory.Write(
            "train.jsonl",
            $"{{\"question\": \"AB3142=\", \"answer\": \"{first}\"}}\n{{\"question\": \"AB3143=\", \"answer\": \"between 3 and 4\"}}\n"
        );
        string run = directory.In("run");
        string[] settings =
        [
            "task.name=jsonl",
            $"task.jsonl.path={file}",
            "verification.verifier=math",
            $"verification.unreadable-golds={rule}",
        ];
        ProcessEnd ended = await IcpoProcess.RunAsync(["train", "--output", run, .. settings.SelectMany(s => new[] { "--set", s })]);
        Assert.Equal(2, ended.ExitCode);
        Assert.Contains("icpo: ", ended.Errors);
        Assert.Empty(Directory.GetFiles(directory.Path, "*crash*", SearchOption.AllDirectories));
    }

    [Fact]
    public async Task A_gzipped_JSON_array_is_read_like_JSON_lines()
    {
        using var directory = new TemporaryFolder();
        string file = directory.In("cases.json.gz");
        using (var gzip = new GZipStream(File.Create(file), CompressionLevel.Fastest))
        {
            gzip.Write("[{\"text\": \"AB3142=\"},\n {\"text\": \"A\"}]"u8);
        }

        ProcessEnd ended = await IcpoProcess.RunAsync("tokenize", file);
        Assert.Equal((0, ""), (ended.ExitCode, ended.Errors));
        Assert.Equal(
            ["AB3142=", "A"],
            ended
                .Output.Split('\n', StringSplitOptions.RemoveEmptyEntries)
                .Select(line => JsonDocument.Parse(line).RootElement.GetProperty("decoded").GetString())
        );
    }

    private static string Problem(int i, string subject) =>
        $$"""{"problem": "AB314{{i}}=", "solution": "s", "answer": "{{i}}", "subject": "{{subject}}", "level": 1, "unique_id": "u{{i}}"}""";

    private static string? Verdict(string line) => JsonDocument.Parse(line).RootElement.GetProperty("verdict").GetString();

    [Fact]
    public async Task A_text_is_scored_token_by_token_after_a_prompt()
    {
        using var directory = new TemporaryFolder();
        string file = directory.Write("in.jsonl", "{\"text\": \"AB3142=\"}\n{\"prompt\": \"AB\", \"text\": \"3142=\"}\n");
        string model = Path.Combine(AppContext.BaseDirectory, "models", "symbol-rules");
        ProcessEnd ended = await IcpoProcess.RunAsync("score", file, "--model", model);
        Assert.Equal((0, ""), (ended.ExitCode, ended.Errors));
        double?[][] scores =
        [
            .. ended
                .Output.Split('\n', StringSplitOptions.RemoveEmptyEntries)
                .Select(line =>
                {
                    using var document = JsonDocument.Parse(line);
                    return document
                        .RootElement.GetProperty("log_probabilities")
                        .EnumerateArray()
                        .Select(v => v.ValueKind == JsonValueKind.Null ? (double?)null : v.GetDouble())
                        .ToArray();
                }),
        ];
        Assert.Null(scores[0][0]);
        Assert.Equal(
            scores[0].TakeLast(scores[1].Length).Select(v => Math.Round(v!.Value, 4)),
            scores[1].Select(v => Math.Round(v!.Value, 4))
        );
        Assert.All(scores[1], v => Assert.True(v < 0));
    }
}
