using System.Diagnostics;
using System.Text.Json;
using ICPO.Actors.RunFiles.Directories;
using ICPO.Actors.RunFiles.History;

namespace EndToEnd.Tests;

/// <summary>Comparisons of a grid from a file, with runs that fail and comparisons that are killed.</summary>
public sealed class ComparisonGridTests : IDisposable
{
    private const string Small = """
        icpo {
          group.groups-per-update = 2
          evaluation { every = 0, questions = 8, final-questions = 8 }
          engine.count = 1
        }
        """;

    private readonly TemporaryFolder _folder = new();

    [Fact]
    public async Task A_run_that_fails_is_shown_as_failed_and_the_others_are_compared()
    {
        string output = _folder.In("grid");
        string grid = _folder.Write(
            "grid.conf",
            $$"""
            compare {
              presets = [grpo, sft]
              seeds = 1
              parallel = 2
              output = "{{output}}"
              settings {
                good { run.updates = 1 }
                bad { run.updates = 1, model.path = "{{_folder.Write("model.gguf", "no model")}}" }
              }
            }
            {{Small}}
            """
        );
        ProcessEnd ended = await IcpoProcess.RunAsync("compare", grid);
        Assert.Equal(1, ended.ExitCode);
        Assert.Contains("model.gguf", ended.Errors, StringComparison.Ordinal);
        Assert.StartsWith("4 runs, 0 ", ended.Output, StringComparison.Ordinal);

        JsonElement json = JsonDocument.Parse(await File.ReadAllTextAsync(Path.Combine(output, "compare.json"))).RootElement;
        Assert.Equal(
            [("bad", "grpo"), ("bad", "sft")],
            json.GetProperty("failed").EnumerateArray().Select(f => (Text(f, "cell"), Text(f, "arm"))).Order()
        );
        JsonElement[] cells = [.. json.GetProperty("cells").EnumerateArray()];
        Assert.Equal(["good", "bad"], cells.Select(cell => Text(cell, "cell")));
        Assert.Equal(2, cells[0].GetProperty("comparison").GetProperty("runs").GetArrayLength());
        Assert.Contains("model.gguf", await File.ReadAllTextAsync(Path.Combine(output, "compare.html")), StringComparison.Ordinal);
        Assert.True(Directory.Exists(Path.Combine(output, "good", "grpo-seed1")));

        // Only what failed is tried again; an option of the command line replaces the value of the file.
        ProcessEnd again = await IcpoProcess.RunAsync("compare", grid, "--parallel", "auto");
        Assert.Equal(1, again.ExitCode);
        Assert.StartsWith("4 runs, 2 ", again.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("compare.presets = [grpo]", "grpo")]
    [InlineData("compare.presets = [grpo, icpo]\ncompare.seeds = x", "x")]
    [InlineData("compare.presets = [grpo, icpo]\ncompare.parallel = 0", "0")]
    [InlineData("compare.presets = [grpo, icpo]\ncompare.seds = 1", "seds")]
    [InlineData("compare.presets = [grpo, icpo]\ncompare.settings.odd.run.updates = many", "odd")]
    [InlineData("compare.presets = [grpo, icpo]\nicpo.run.update = 3", "icpo.run.update")]
    public async Task A_mistake_in_the_file_is_an_error_before_anything_runs(string text, string name)
    {
        ProcessEnd ended = await IcpoProcess.RunAsync("compare", _folder.Write("grid.conf", text), "--output", _folder.In("none"));
        Assert.Equal(2, ended.ExitCode);
        Assert.Contains(name, ended.Errors, StringComparison.Ordinal);
        Assert.False(Directory.Exists(_folder.In("none")));
    }

    [Fact]
    public async Task A_comparison_that_is_killed_leaves_no_run_behind_and_continues()
    {
        LongTests.Require();
        string output = _folder.In("killed");
        string[] command =
        [
            "compare",
            _folder.Write("grid.conf", $"compare {{ presets = [grpo, icpo], seeds = 1 }}\nicpo.run.updates = 20\n{Small}"),
            "--output",
            output,
        ];
        using (Process process = IcpoProcess.Start(command))
        {
            string metrics = Path.Combine(output, "icpo-seed1", "metrics.jsonl");
            using var deadline = new CancellationTokenSource(TimeSpan.FromMinutes(4));
            while (!File.Exists(metrics))
            {
                await Task.Delay(50, deadline.Token);
            }

            process.Kill(entireProcessTree: false);
            await process.WaitForExitAsync(deadline.Token);
        }

        DateTime first = File.GetLastWriteTimeUtc(new RunDirectory(Path.Combine(output, "grpo-seed1")).Summary);
        ProcessEnd continued = await IcpoProcess.RunAsync(command);
        Assert.Equal((0, ""), (continued.ExitCode, continued.Errors));
        Assert.StartsWith("2 runs, 1 ", continued.Output, StringComparison.Ordinal);
        Assert.Equal(first, File.GetLastWriteTimeUtc(new RunDirectory(Path.Combine(output, "grpo-seed1")).Summary));
        Assert.Equal(20, RunHistory.Read(Path.Combine(output, "icpo-seed1")).Updates.Length);
    }

    public void Dispose() => _folder.Dispose();

    private static string Text(JsonElement element, string property) => element.GetProperty(property).GetString()!;
}
