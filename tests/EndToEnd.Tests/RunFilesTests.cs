using ICPO.Actors.Configuration.Layers;
using ICPO.Actors.Configuration.Settings;
using ICPO.Actors.Modeling.Checkpoints.HuggingFace;
using ICPO.Actors.Modeling.Torch;
using ICPO.Actors.Modeling.Transformer;
using ICPO.Actors.RunFiles.Directories;
using ICPO.Actors.RunFiles.Report;
using ICPO.Tokenizers;

namespace EndToEnd.Tests;

/// <summary>Every run file of the repository: checked, and run for two updates with a random model of its shape scaled down.</summary>
public sealed class RunFilesTests
{
    private static readonly string Folder = Path.Combine(Repository.Root, "hocon", "runs");

    public static TheoryData<string> Files =>
        [.. Directory.GetFiles(Folder, "*.conf").Select(file => Path.GetFileName(file)).Order(StringComparer.Ordinal)];

    [Theory]
    [MemberData(nameof(Files))]
    public async Task A_run_file_is_valid(string file)
    {
        Ended ended = await Icpo.RunAsync("config", "check", Path.Combine(Folder, file));
        Assert.Equal((0, ""), (ended.ExitCode, ended.Errors));
    }

    [Theory]
    [MemberData(nameof(Files))]
    public async Task A_run_file_trains_for_two_updates_on_a_small_model(string file)
    {
        using var directory = new TemporaryDirectory();
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
            directory.File("small.conf", Small),
            "--output",
            run,
        ];
        if (settings.Model.Path.Length > 0)
        {
            command.AddRange(["--model", SmallModel(directory), "--set", "engine.context=1024"]);
        }

        if (settings.Task.Name == "jsonl")
        {
            string questions = directory.File("train.jsonl", Questions(0, 40));
            command.AddRange(["--data", questions, "--set", "task.jsonl.max-tokens=6"]);
            command.AddRange(
                settings.Task.Jsonl.HeldOutPath is null
                    ? []
                    : ["--set", $"task.jsonl.held-out-path={directory.File("test.jsonl", Questions(40, 10))}"]
            );
        }

        Ended ended = await Icpo.RunAsync([.. command]);
        Assert.Equal((0, ""), (ended.ExitCode, ended.Errors));
        RunSummary summary = RunHistory.Read(run).Summary!;
        Assert.Equal(("completed", 2L, true), (summary.State, summary.Updates, summary.LedgerCloses));
        Assert.True(summary.TokensTrained > 0 && summary.PeakMemoryBytes > 0);
    }

    /// <summary>What makes a run of any size one of seconds; everything else is as the file has it.</summary>
    private const string Small = """
        icpo {
          run.updates = 2
          group.groups-per-update = 4
          sampler.max-tokens = 6
          model.device = cpu
          engine { count = 1, slots = 8, threads = 1 }
          learner.threads = 1
          optimizer.warmup-updates = 0
          evaluation { every = 0, questions = 4, final-questions = 4 }
          checkpoint { every = 0, keep = 1 }
        }
        """;

    /// <summary>Qwen3-1.7B with one sixty-fourth of the width and two layers, over the characters of plain text.</summary>
    private static string SmallModel(TemporaryDirectory directory)
    {
        string path = Path.Combine(directory.Path, "model");
        var tokenizer = CharacterTokenizer.Create([.. Enumerable.Range(' ', 95).Select(c => (char)c), '\n']);
        TorchRuntime.EnsureLoaded();
        using Decoder decoder = new Decoder(
            new()
            {
                VocabSize = tokenizer.VocabularySize,
                HiddenSize = 32,
                IntermediateSize = 96,
                NumHiddenLayers = 2,
                NumAttentionHeads = 4,
                NumKeyValueHeads = 2,
                HeadDim = 8,
                MaxPositionEmbeddings = 2048,
                RopeTheta = 1_000_000,
                TieWordEmbeddings = true,
            }
        ).Initialize(1);
        HuggingFaceDirectory.Save(path, decoder, tokenizer.Special, tokenizer.Save);
        return path;
    }

    private static string Questions(int first, int count) =>
        string.Join(
            '\n',
            Enumerable
                .Range(first, count)
                .Select(i =>
                    $$"""{"question": "How many are {{i}} apples and one?", "answer": "There are {{i}} apples, and one more makes {{i + 1}} of them in all.\n#### {{i + 1}}", "solution": "There are {{i}} apples, and one more makes \\boxed{ {{i + 1}} } of them in all."}"""
                )
        ) + "\n";
}
