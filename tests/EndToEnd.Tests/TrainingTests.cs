using System.Diagnostics;
using System.Text.Json;
using System.Text.RegularExpressions;
using ICPO.Actors.RunFiles.Directories;
using ICPO.Actors.RunFiles.History;

namespace EndToEnd.Tests;

/// <summary>The executable with the bundled model and runs of seconds.</summary>
public sealed class TrainingTests
{
    private const string Small = """
        icpo {
          group.groups-per-update = 2
          evaluation { every = 0, questions = 8, final-questions = 8 }
          engine.count = 1
          checkpoint.every = 0
        }
        """;

    [Fact]
    public async Task A_run_writes_its_files_and_a_summary_and_its_model_can_be_evaluated()
    {
        using var directory = new TemporaryFolder();
        string run = Path.Combine(directory.Path, "run");
        ProcessEnd ended = await IcpoProcess.RunAsync(
            "train",
            "--config",
            directory.Write("small.conf", Small),
            "--set",
            "run.updates=3",
            "--seed",
            "4",
            "--output",
            run
        );
        Assert.Equal((0, ""), (ended.ExitCode, ended.Errors));
        RunSummary summary = RunHistory.Read(run).Summary!;
        Assert.Equal(
            ("completed", 3L, 4UL, 8, true),
            (summary.State, summary.Updates, summary.Seed, summary.Questions, summary.LedgerCloses)
        );
        Assert.Matches(@"\bicpo\b.*\bsymbol-rules\b.*\b4\b.*\bcompleted\b", ended.LastLine);
        Assert.Contains(Path.Combine(run, "report.html"), ended.Output);
        Assert.All(new[] { "effective.conf", "metrics.jsonl", "samples.jsonl", "journal.db", "report.html" }, name =>
            Assert.True(File.Exists(Path.Combine(run, name)), name)
        );
        Assert.Equal(3, RunHistory.Read(run).Updates.Length);

        string model = ended
            .Output.Split('\n')
            .Single(line => line.StartsWith("Model: ", StringComparison.Ordinal))["Model: ".Length..]
            .Trim();
        ProcessEnd asked = await IcpoProcess.RunAsync("eval", "--model", model, "--questions", "10", "--samples", "2", "--json");
        JsonElement report = JsonDocument.Parse(asked.Output).RootElement;
        Assert.Equal((10, 20), (report.GetProperty("questions").GetInt32(), report.GetProperty("samples").GetInt32()));
        ProcessEnd generated = await IcpoProcess.RunAsync("generate", "AB3142=", "--model", model, "--samples", "2", "--json");
        Assert.Equal(2, JsonDocument.Parse(generated.Output).RootElement.GetArrayLength());

        // A run directory stands for its newest checkpoint.
        ProcessEnd newest = await IcpoProcess.RunAsync("generate", "AB3142=", "--model", run, "--samples", "2", "--json");
        Assert.Equal((0, generated.Output), (newest.ExitCode, newest.Output));

        ProcessEnd again = await IcpoProcess.RunAsync("train", "--output", run);
        Assert.Equal(2, again.ExitCode);
        Assert.Contains("--resume", again.Errors);
    }

    [Theory]
    [InlineData("missing/journal.db")]
    [InlineData("effective.conf")]
    public async Task A_journal_that_cannot_be_opened_fails_the_run(string journal)
    {
        using var directory = new TemporaryFolder();
        ProcessEnd ended = await IcpoProcess.RunAsync(
            "train",
            "--set",
            $"journal.path={journal}",
            "--output",
            Path.Combine(directory.Path, "run")
        );
        Assert.Equal(1, ended.ExitCode);
        Assert.Contains("journal.path", ended.Errors);
    }

    [Fact]
    public async Task An_interrupted_run_stops_with_a_checkpoint_and_can_be_resumed()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "SIGINT is sent with kill.");
        Assert.SkipWhen(
            IgnoredSignals.Contains(2),
            "The tests were started by a shell in the background, which makes them and their child processes ignore SIGINT."
        );
        using var directory = new TemporaryFolder();
        string run = Path.Combine(directory.Path, "run");
        using Process process = IcpoProcess.Start(
            "train",
            "--config",
            directory.Write("small.conf", Small),
            "--set",
            "run.updates=100000",
            "--set",
            "evaluation.at-end=false",
            "--output",
            run
        );
        Task<string> errors = process.StandardError.ReadToEndAsync();
        using var deadline = new CancellationTokenSource(TimeSpan.FromMinutes(2));
        while (await process.StandardOutput.ReadLineAsync(deadline.Token) is { } line && !Regex.IsMatch(line, "update [1-9][0-9]*/100000"))
        { }

        using var kill = Process.Start("kill", ["-INT", $"{process.Id}"]);
        string rest = await process.StandardOutput.ReadToEndAsync(deadline.Token);
        await process.WaitForExitAsync(deadline.Token);
        Assert.Equal((130, ""), (process.ExitCode, await errors));
        Assert.Contains($"icpo train --resume {run}", rest);
        RunSummary stopped = RunHistory.Read(run).Summary!;
        Assert.Equal("stopped", stopped.State);
        Assert.True(stopped.Updates > 0 && stopped.LedgerCloses);

        long updates = stopped.Updates + 3;
        ProcessEnd ended = await IcpoProcess.RunAsync("train", "--resume", run, "--set", $"run.updates={updates}");
        Assert.Equal((0, ""), (ended.ExitCode, ended.Errors));
        RunSummary summary = RunHistory.Read(run).Summary!;
        Assert.Equal(("completed", updates, true), (summary.State, summary.Updates, summary.LedgerCloses));
        Assert.Equal(Enumerable.Range(1, (int)updates).Select(u => (long)u), RunHistory.Read(run).Updates.Select(u => u.Update));
    }

    [Fact]
    public async Task A_comparison_writes_its_tables_and_keeps_complete_runs()
    {
        LongTests.Require();
        using var directory = new TemporaryFolder();
        string output = Path.Combine(directory.Path, "compare");
        string[] command =
        [
            "compare",
            "--presets",
            "grpo,icpo",
            "--arm",
            "long:grpo,run.updates=3",
            "--seeds",
            "1-2",
            "--config",
            directory.Write("small.conf", Small),
            "--set",
            "run.updates=2",
            "--output",
            output,
        ];
        ProcessEnd first = await IcpoProcess.RunAsync([.. command, "--parallel", "2"]);
        Assert.Equal((0, ""), (first.ExitCode, first.Errors));
        ProcessEnd second = await IcpoProcess.RunAsync(command);
        Assert.Equal((0, ""), (second.ExitCode, second.Errors));
        Assert.StartsWith("6 runs, 6 ", second.Output);
        JsonElement comparison = JsonDocument.Parse(await File.ReadAllTextAsync(Path.Combine(output, "compare.json"))).RootElement;
        Assert.Equal("icpo", comparison.GetProperty("clock").GetString());
        foreach (string moment in new[] { "at_equal_updates", "at_equal_seconds" })
        {
            JsonElement at = comparison.GetProperty(moment);
            Assert.Equal(["grpo", "icpo", "long"], at.GetProperty("arms").EnumerateObject().Select(a => a.Name));
            bool isCompared = at.GetProperty("differences")
                .EnumerateArray()
                .Any(d => d.GetProperty("arm").GetString() == "icpo" && d.GetProperty("questions").GetString() == "all");
            // Where a run of one arm ends before one of the other has its first evaluation, the tables say so instead.
            string missing = string.Join(' ', at.GetProperty("missing").EnumerateArray());
            Assert.NotEqual(isCompared, missing.Contains("grpo had no evaluation") || missing.Contains("icpo had no evaluation"));
            Assert.True(isCompared || moment == "at_equal_seconds", missing);
        }

        Assert.Contains("| long |", await File.ReadAllTextAsync(Path.Combine(output, "compare.md")));
        Assert.Equal(2, Directory.GetFiles(output, "compare-*.svg").Length);
        ProcessEnd other = await IcpoProcess.RunAsync([.. command, "--set", "objective.lambda=0.1"]);
        Assert.Equal(2, other.ExitCode);
        Assert.Contains("icpo.objective.lambda = 0.01, not 0.1", other.Errors);
    }

    [Fact]
    public async Task A_chain_of_stages_continues_from_the_previous_weights_and_adds_up()
    {
        LongTests.Require();
        using var directory = new TemporaryFolder();
        string output = Path.Combine(directory.Path, "compare");
        string[] command =
        [
            "compare",
            "--presets",
            "icpo",
            "--arm",
            "chain:sft,run.updates=1,group.groups-per-update=4>grpo,run.updates=2",
            "--seeds",
            "3",
            "--config",
            directory.Write("small.conf", Small),
            "--set",
            "run.updates=2",
            "--output",
            output,
        ];
        ProcessEnd first = await IcpoProcess.RunAsync(command);
        Assert.Equal((0, ""), (first.ExitCode, first.Errors));
        Assert.StartsWith("3 runs, 0 ", first.Output);
        RunHistory sft = RunHistory.Read(Path.Combine(output, "chain-seed3-stage1")),
            grpo = RunHistory.Read(Path.Combine(output, "chain-seed3-stage2"));
        string effective = await File.ReadAllTextAsync(Path.Combine(output, "chain-seed3-stage2", "effective.conf"));
        Assert.Contains(Path.Combine(output, "chain-seed3-stage1", "checkpoints", "update-000001"), effective);
        Assert.Equal([2L], grpo.Evaluations.Select(e => e.Update));

        JsonElement comparison = JsonDocument.Parse(await File.ReadAllTextAsync(Path.Combine(output, "compare.json"))).RootElement;
        JsonElement chain = comparison.GetProperty("runs").EnumerateArray().Single(r => r.GetProperty("arm").GetString() == "chain");
        JsonElement icpo = comparison.GetProperty("runs").EnumerateArray().Single(r => r.GetProperty("arm").GetString() == "icpo");
        Assert.Equal(3, chain.GetProperty("summary").GetProperty("updates").GetInt64());
        Assert.Equal(sft.Summary!.Seconds + grpo.Summary!.Seconds, chain.GetProperty("summary").GetProperty("seconds").GetDouble(), 1e-9);
        Assert.Equal(JsonValueKind.Null, chain.GetProperty("experts_accepted").ValueKind);
        Assert.InRange(icpo.GetProperty("experts_accepted").GetDouble(), 0, 1);
        Assert.True(icpo.GetProperty("summary").GetProperty("peak_memory_bytes").GetInt64() > 10_000_000);

        // A missing stage is repeated; the previous stage is kept.
        Directory.Delete(Path.Combine(output, "chain-seed3-stage2"), recursive: true);
        Assert.StartsWith("3 runs, 2 ", (await IcpoProcess.RunAsync(command)).Output);

        ProcessEnd bad = await IcpoProcess.RunAsync("compare", "--presets", "icpo", "--arm", "chain:sft>", "--output", output);
        Assert.Equal(2, bad.ExitCode);
        Assert.Contains("LABEL:PRESET", bad.Errors);
    }

    [Fact]
    public async Task An_arm_that_cannot_start_is_reported_with_the_cause()
    {
        using var directory = new TemporaryFolder();
        ProcessEnd unstarted = await IcpoProcess.RunAsync(
            "compare",
            "--presets",
            "grpo,icpo",
            "--seeds",
            "1-2",
            "--model",
            directory.Write("model.gguf", "no model"),
            "--output",
            Path.Combine(directory.Path, "unstarted")
        );
        Assert.Equal(2, unstarted.ExitCode);
        Assert.Contains("grpo-seed1", unstarted.Errors, StringComparison.Ordinal);
        Assert.Contains("model.gguf", unstarted.Errors, StringComparison.Ordinal);
    }
}
