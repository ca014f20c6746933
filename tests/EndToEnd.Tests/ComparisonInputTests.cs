using ICPO.Actors.RunFiles.Directories;
using ICPO.Actors.RunFiles.History;

namespace EndToEnd.Tests;

/// <summary>What a comparison does whose inputs changed after one of its runs was interrupted.</summary>
public sealed class ComparisonInputTests
{
    private static readonly string[] Settings =
    [
        "group.groups-per-update=2",
        "run.updates=1",
        "engine.count=1",
        "evaluation.every=0",
        "evaluation.questions=4",
        "evaluation.final-questions=4",
    ];

    [Fact]
    public async Task A_changed_model_ends_a_comparison_with_its_name_unless_it_is_accepted()
    {
        LongTests.Require();
        using var folder = new TemporaryFolder();
        string model = folder.In("model"),
            output = folder.In("compare"),
            run = Path.Combine(output, "grpo-seed1");
        Directory.CreateDirectory(model);
        foreach (string file in Directory.EnumerateFiles(Path.Combine(AppContext.BaseDirectory, "models", "symbol-rules")))
        {
            File.Copy(file, Path.Combine(model, Path.GetFileName(file)));
        }

        string[] command =
        [
            "compare",
            "--presets",
            "grpo,sft",
            "--seeds",
            "1",
            "--model",
            model,
            "--output",
            output,
            .. Settings.SelectMany(setting => new[] { "--set", setting }),
        ];
        var interrupted = new ProcessOptions { Environment = new Dictionary<string, string> { ["ICPO_FAULT"] = "update-committed" } };
        Assert.NotEqual(0, (await IcpoProcess.RunAsync(interrupted, command)).ExitCode);

        string tokenizer = Path.Combine(model, "tokenizer.json");
        await File.AppendAllTextAsync(tokenizer, " ");
        string before = await File.ReadAllTextAsync(new RunDirectory(run).Events);
        ProcessEnd refused = await IcpoProcess.RunAsync(command);
        Assert.NotEqual(0, refused.ExitCode);
        Assert.Contains(tokenizer, refused.Errors);
        Assert.Contains("--accept-changed-inputs", refused.Errors);
        Assert.Equal(before, await File.ReadAllTextAsync(new RunDirectory(run).Events));

        ProcessEnd accepted = await IcpoProcess.RunAsync([.. command, "--accept-changed-inputs"]);
        Assert.Equal((0, ""), (accepted.ExitCode, accepted.Errors));
        Assert.Contains(RunHistory.Read(run).Events, line => line.Kind == EventKinds.InputChanged && line.Text.Contains(tokenizer));
        Assert.Contains(RunHistory.Read(Path.Combine(output, "sft-seed1")).Events, line => line.Kind == EventKinds.InputChanged);
    }
}
