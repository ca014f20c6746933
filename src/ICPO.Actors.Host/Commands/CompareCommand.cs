using System.Collections.Immutable;
using System.CommandLine;
using ICPO.Actors.Configuration.Layers;
using ICPO.Actors.Host.CommandLine;
using ICPO.Actors.Host.Comparing;

namespace ICPO.Actors.Host.Commands;

/// <summary><c>icpo compare</c>.</summary>
internal sealed class CompareCommand(Terminal terminal, StopSignals signals)
{
    private readonly ConfigurationOptions _configuration = new();
    private readonly Option<string> _presets = new("--presets")
    {
        Description = "Presets to compare, separated by commas; \"\" for none.",
        HelpName = "LIST",
        DefaultValueFactory = _ => "grpo,grpo-9,icpo-no-rejection,icpo,icpo-bonus,sft",
    };
    private readonly Option<string[]> _arms = new("--arm")
    {
        Description =
            "An additional arm: a label for a preset with other settings, or for a chain of these, each of which starts from the final "
            + "weights of the previous one (seconds and updates are added up); may be repeated.",
        HelpName = "LABEL:PRESET,key=value,…[>PRESET,…]",
        Arity = ArgumentArity.OneOrMore,
    };
    private readonly Option<string?> _model = ModelOptions.Model();
    private readonly Option<string> _seeds = new("--seeds")
    {
        Description = "Seeds, separated by commas or as a range.",
        HelpName = "LIST",
        DefaultValueFactory = _ => "1-3",
    };
    private readonly Option<string?> _baseline = new("--baseline")
    {
        Description = "The arm to compare the others with; if omitted, grpo or the first arm.",
        HelpName = "ARM",
    };
    private readonly Option<string?> _clock = new("--clock")
    {
        Description = "The arm whose end determines the time of the comparison at equal seconds; if omitted, icpo or the first arm.",
        HelpName = "ARM",
    };
    private readonly Option<int> _parallel = new("--parallel")
    {
        Description = "Concurrent runs; with more than 1 they slow each other down, so seconds are not comparable.",
        HelpName = "N",
        DefaultValueFactory = _ => 1,
    };
    private readonly Option<string> _output = new("--output", "-o")
    {
        Description = "Directory of runs and tables. If it exists, complete runs are kept and the others are resumed.",
        HelpName = "DIR",
        DefaultValueFactory = _ => Path.Combine("runs", "compare"),
    };

    private readonly Option<bool> _accept = ResumeRequest.AcceptChangedInputs();

    public static Command Create(Terminal terminal, StopSignals signals) => new CompareCommand(terminal, signals).Create();

    private CommandWithExamples Create()
    {
        var command = new CommandWithExamples(
            "compare",
            "Trains several presets over several seeds and compares them at equal updates and at equal seconds, by tag, "
                + "with differences paired by seed, confidence intervals and p-values.",
            [
                "icpo compare --presets grpo,icpo --seeds 1-5 --output runs/compare",
                "icpo compare --presets grpo,icpo --arm grpo-long:grpo,run.updates=200 --clock icpo --seeds 1,2,3",
                "icpo compare --presets icpo --arm \"sft-grpo:sft,run.updates=8>grpo,run.updates=142\" --seeds 1-3",
            ]
        )
        {
            _presets,
            _arms,
            _model,
            _seeds,
            _baseline,
            _clock,
            _parallel,
            _output,
            _accept,
        };
        _configuration.AddTo(command, withPreset: false);
        command.SetAction((parsed, _) => RunAsync(parsed));
        return command;
    }

    private async Task<int> RunAsync(ParseResult parsed)
    {
        ImmutableArray<Arm> arms =
        [
            .. CommonOptions.SplitList(parsed.GetRequiredValue(_presets)).Select(Arm.FromPreset),
            .. (parsed.GetValue(_arms) ?? []).Select(Arm.Parse),
        ];
        ImmutableArray<string> labels = [.. arms.Select(a => a.Label)];
        ImmutableArray<ulong> seeds = SeedList.Parse(parsed.GetRequiredValue(_seeds));
        RequireDistinct(labels);
        string baseline = ArmOption(parsed.GetValue(_baseline), "--baseline", "grpo", labels);
        string clock = ArmOption(parsed.GetValue(_clock), "--clock", "icpo", labels);
        int parallel = parsed.GetValue(_parallel);
        UsageException.ThrowIfLess(parallel, 1, "--parallel");

        string[] model = ModelOptions.Overrides(parsed, _model);
        string output = parsed.GetRequiredValue(_output);

        // Ordered by seed, so that a temporary slowdown of the machine affects all arms.
        ImmutableArray<ArmChain> chains =
        [
            .. seeds.SelectMany(seed =>
                arms.Select(arm => arm.CreateRuns(overrides => _configuration.Load(parsed, [.. model, .. overrides]), output, seed))
            ),
        ];
        if (!await new ArmRunner(terminal, signals, parsed.GetValue(_accept)).RunAsync(chains, parallel))
        {
            terminal.Out.WriteLine("Stopped. Repeat the command to continue.");
            return ExitCode.Stopped;
        }

        var comparison = Comparison.Create(labels, seeds, [.. chains.Select(ArmRun.Read)], baseline, clock);
        ImmutableArray<string> files = ComparisonFiles.Write(comparison, output);
        terminal.Out.WriteLine();
        terminal.Out.WriteLine(ComparisonMarkdown.Create(comparison));
        terminal.Out.WriteLine($"Written: {string.Join(", ", files)}");
        return ExitCode.Done;
    }

    /// <summary>The arm that an option names, by the current or a former name of its preset, or the default.</summary>
    private static string ArmOption(string? label, string option, string defaultLabel, ImmutableArray<string> labels)
    {
        if (label is null)
        {
            return labels.Contains(defaultLabel) ? defaultLabel : labels[0];
        }

        return labels.FirstOrDefault(l => l == label || l == FormerNames.CurrentPreset(label))
            ?? throw new UsageException($"{option} {label}: must be one of the arms, {string.Join(", ", labels)}.");
    }

    private static void RequireDistinct(ImmutableArray<string> labels)
    {
        if (labels.Length < 2 || labels.Distinct().Count() != labels.Length)
        {
            throw new UsageException(
                $"compare needs at least two arms with different labels, but has {(labels.IsEmpty ? "none" : string.Join(", ", labels))}."
            );
        }
    }
}
