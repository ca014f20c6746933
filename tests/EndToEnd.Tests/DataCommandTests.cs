using System.Text.Json;

namespace EndToEnd.Tests;

public sealed class DataCommandTests
{
    [Fact]
    public async Task A_benchmark_is_asked_whole_and_told_by_subject_as_text_JSON_and_Markdown()
    {
        using var directory = new TemporaryDirectory();
        string file = directory.File(
            "math500.jsonl",
            string.Join(
                '\n',
                Enumerable
                    .Range(0, 6)
                    .Select(i =>
                        $"{{\"problem\": \"AB314{i}=\", \"solution\": \"s\", \"answer\": \"{i}\", \"subject\": \"{(i < 2 ? "Algebra" : "Geometry")}\", \"level\": 1, \"unique_id\": \"u{i}\"}}"
                    )
            )
        );

        // The bundled model knows the letters of its own task only, so its chats are what the user says and nothing else.
        string model = Directory.CreateDirectory(System.IO.Path.Combine(directory.Path, "model")).FullName;
        foreach (string part in Directory.GetFiles(System.IO.Path.Combine(AppContext.BaseDirectory, "models", "symbol-rules")))
        {
            System.IO.File.Copy(part, System.IO.Path.Combine(model, System.IO.Path.GetFileName(part)));
        }

        System.IO.File.WriteAllText(
            System.IO.Path.Combine(model, "chat_template.jinja"),
            "{% for m in messages %}{{ m.content }}{% endfor %}"
        );
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
            "task.jsonl.prompt=chat",
            "--set",
            "task.jsonl.max-tokens=16",
            "--set",
            "verification.verifier=exact",
            "--set",
            "engine.count=1",
        ];
        Ended ended = await Icpo.RunAsync([.. command, "--data", directory.Path]);
        Assert.Equal((0, ""), (ended.ExitCode, ended.Errors));
        Assert.Contains("subject=Geometry", ended.Output);
        string rates = System.IO.Path.Combine(directory.Path, "rates.jsonl");
        Ended json = await Icpo.RunAsync([.. command, "--data", $"math500={file}", "--json", "--per-question", rates]);
        using var document = JsonDocument.Parse(json.Output);
        Assert.Equal(
            ["all", "level=1", "subject=Algebra", "subject=Geometry"],
            document.RootElement[0].GetProperty("results").EnumerateArray().Select(r => r.GetProperty("name").GetString())
        );
        Assert.Equal(6, System.IO.File.ReadLines(rates).Count());
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
        string responses = System.IO.Path.Combine(directory.Path, "responses.jsonl");
        Ended markdown = await Icpo.RunAsync([.. command, "--data", file, "--markdown", "--responses", responses]);
        Assert.Contains("asked by its chat template with 0 demonstrations", markdown.Output);

        // What was written can be judged again, by the same verifier with the same verdicts.
        string[] written = System.IO.File.ReadAllLines(responses);
        Assert.Equal(12, written.Length);
        Ended again = await Icpo.RunAsync("verify", responses, "--verifier", "exact");
        Assert.Equal(0, again.ExitCode);
        Assert.Equal(written.Select(Verdict), again.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(Verdict));
        Assert.Contains("| subject=Algebra | 2 |", markdown.Output);
        Assert.Contains("avg@2", markdown.Output);
    }

    [Fact]
    public async Task A_benchmark_that_cannot_be_read_is_told_before_another_is_asked()
    {
        using var directory = new TemporaryDirectory();
        string good = directory.File("good.jsonl", "{\"question\": \"q\", \"answer\": \"#### 1\"}"),
            bad = directory.File("bad.jsonl", "{\"problem\": \"q\"}");
        Ended ended = await Icpo.RunAsync("eval", "--benchmark", "gsm8k,math500", "--data", $"gsm8k={good}", "--data", $"math500={bad}");
        Assert.Equal((2, ""), (ended.ExitCode, ended.Output));
        Assert.StartsWith($"icpo: {bad}:1: the field 'answer' is missing", ended.Errors);
        Assert.Contains("benchmark gsm9k is not known; allowed: aime", (await Icpo.RunAsync("eval", "--benchmark", "gsm9k")).Errors);
    }

    [Fact]
    public async Task An_array_packed_by_gzip_is_input_as_lines_are()
    {
        using var directory = new TemporaryDirectory();
        string file = System.IO.Path.Combine(directory.Path, "cases.json.gz");
        using (var gzip = new System.IO.Compression.GZipStream(System.IO.File.Create(file), System.IO.Compression.CompressionLevel.Fastest))
        {
            gzip.Write("[{\"text\": \"AB3142=\"},\n {\"text\": \"A\"}]"u8);
        }

        Ended ended = await Icpo.RunAsync("tokenize", file);
        Assert.Equal((0, ""), (ended.ExitCode, ended.Errors));
        Assert.Equal(
            ["AB3142=", "A"],
            ended
                .Output.Split('\n', StringSplitOptions.RemoveEmptyEntries)
                .Select(line => JsonDocument.Parse(line).RootElement.GetProperty("decoded").GetString())
        );
    }

    private static string? Verdict(string line) => JsonDocument.Parse(line).RootElement.GetProperty("verdict").GetString();

    [Fact]
    public async Task A_text_is_scored_token_by_token_and_a_prompt_stands_before_it()
    {
        using var directory = new TemporaryDirectory();
        string file = directory.File("in.jsonl", "{\"text\": \"AB3142=\"}\n{\"prompt\": \"AB\", \"text\": \"3142=\"}\n");
        string model = System.IO.Path.Combine(AppContext.BaseDirectory, "models", "symbol-rules");
        Ended ended = await Icpo.RunAsync("score", file, "--model", model);
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
