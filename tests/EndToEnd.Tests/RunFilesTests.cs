using ICPO.Actors.Configuration.Layers;
using ICPO.Actors.Configuration.Settings;
using ICPO.Actors.RunFiles.Directories;
using ICPO.Actors.RunFiles.History;

namespace EndToEnd.Tests;

/// <summary>Every run file of the repository is valid and trains for two updates with a small random model.</summary>
public sealed class RunFilesTests
{
    private static readonly string Folder = Repository.In("hocon", "runs");

    public static TheoryData<string> Files =>
        [.. Directory.GetFiles(Folder, "*.conf").Select(file => Path.GetFileName(file)).Order(StringComparer.Ordinal)];

    [Theory]
    [MemberData(nameof(Files))]
    public async Task A_run_file_is_valid(string file)
    {
        ProcessEnd ended = await IcpoProcess.RunAsync("config", "check", Path.Combine(Folder, file));
        Assert.Equal((0, ""), (ended.ExitCode, ended.Errors));
    }

    [Theory]
    [MemberData(nameof(Files))]
    public async Task A_run_file_trains_for_two_updates_on_a_small_model(string file)
    {
        // One run file of each large task; A_run_file_is_valid checks the others.
        if (file is not ("gsm8k-smollm2.conf" or "smollm2-arithmetic-lora.conf"))
        {
            LongTests.Require();
        }

        using var directory = new TemporaryFolder();
        string run = Path.Combine(directory.Path, "run");
        RunSettings settings = IcpoConfiguration
            .Load(new ConfigurationSources { Files = [ConfigurationFile.Open(Path.Combine(Folder, file))] })
            .Settings;
        List<string> command =
        [
            "train",
            "--config",
            Path.Combine(Folder, file),
            "--config",
            directory.Write("small.conf", Small),
            "--output",
            run,
        ];
        if (settings.Model.Path.Length > 0)
        {
            command.AddRange(["--model", SmallModel.Create(directory), "--set", "engine.context=1024"]);
        }

        if (settings.Task.Name == "jsonl")
        {
            string questions = directory.Write("train.jsonl", Questions(0, 40));
            command.AddRange(["--data", questions, "--set", "task.jsonl.max-tokens=6"]);
            command.AddRange(
                settings.Task.Jsonl.HeldOutPath is null
                    ? []
                    : ["--set", $"task.jsonl.held-out-path={directory.Write("test.jsonl", Questions(40, 10))}"]
            );
        }

        ProcessEnd ended = await IcpoProcess.RunAsync([.. command]);
        Assert.Equal((0, ""), (ended.ExitCode, ended.Errors));
        RunSummary summary = RunHistory.Read(run).Summary!;
        Assert.Equal(("completed", 2L, true), (summary.State, summary.Updates, summary.LedgerCloses));
        Assert.True(summary.TokensTrained > 0 && summary.PeakMemoryBytes > 0);
    }

    /// <summary>Reduces any run to seconds; other values are those of the run file.</summary>
    private const string Small = """
        icpo {
          run.updates = 2
          group.groups-per-update = 4
          sampler.max-tokens = 6
          model { device = cpu, dtype = auto }
          engine { count = 1, slots = 8, threads = 1 }
          learner.threads = 1
          optimizer.warmup-updates = 0
          evaluation { every = 0, questions = 4, final-questions = 4 }
          checkpoint { every = 0, keep = 1 }
        }
        """;

    private static string Questions(int first, int count) => string.Join('\n', Enumerable.Range(first, count).Select(Question)) + "\n";

    private static string Question(int i)
    {
        string text = $"There are {i} apples, and one more makes ";
        return $$"""
            {"question": "How many are {{i}} apples and one?",
            "answer": "{{text}} {{i + 1}} of them in all.\n#### {{i + 1}}",
            "solution": "{{text}} \\boxed{ {{i + 1}} } of them in all."}
            """.ReplaceLineEndings(" ");
    }
}
