using System.Collections.Immutable;
using System.CommandLine;
using System.Globalization;
using ICPO.Actors.Composition;
using ICPO.Actors.Configuration.Grids;
using ICPO.Actors.Configuration.Layers;
using ICPO.Actors.Host.CommandLine;
using ICPO.Actors.Host.Comparing;

namespace ICPO.Actors.Host.Commands;

/// <summary><c>icpo compare</c>.</summary>
internal sealed class CompareCommand(Terminal terminal, StopSignals signals)
{
    private const string Auto = "auto";

    private readonly ConfigurationOptions _configuration = new();
    private readonly Argument<string?> _grid = new("GRID")
    {
        Description = "Run file with a section compare: presets, arms, seeds, named settings and axes, all combined. Options override it.",
        Arity = ArgumentArity.ZeroOrOne,
    };
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
    private readonly Option<string> _parallel = new("--parallel")
    {
        Description =
            "Concurrent runs, as far as their estimated memory fits; auto is as many as there are cores for their threads. With more than "
            + "1 they slow each other down, so seconds are not comparable.",
        HelpName = "N|auto",
        DefaultValueFactory = _ => "1",
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
                + "with differences paired by seed, confidence intervals, effect sizes and p-values. A run that fails is shown as failed "
                + "(exit code 1). Repeating the command continues what is incomplete.",
            [
                "icpo compare --presets grpo,icpo --seeds 1-5 --output runs/compare",
                "icpo compare --presets grpo,icpo --arm grpo-long:grpo,run.updates=200 --clock icpo --seeds 1,2,3",
                "icpo compare hocon/grids/staleness.conf --parallel auto",
                "icpo compare --presets icpo --arm \"sft-grpo:sft,run.updates=8>grpo,run.updates=142\" --seeds 1-3",
            ]
        )
        {
            _grid,
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
        ConfigurationFile? file = parsed.GetValue(_grid) is { } path ? ConfigurationFile.Open(path) : null;
        var choices = new CompareChoices(parsed, file is null ? null : ComparisonGrid.Read(file));
        ComparisonPlan plan = Plan(choices).RequireDistinctArms();
        string baseline = ArmOption(choices.Text(_baseline, "baseline"), "--baseline", "grpo", plan.Labels);
        string clock = ArmOption(choices.Text(_clock, "clock"), "--clock", "icpo", plan.Labels);

        string[] model = ModelOptions.Overrides(parsed, _model);
        ConfigurationFile? common = file is null ? null : file with { OmittedPrefix = ComparisonGrid.Section };
        ImmutableArray<ArmChain> chains = plan.CreateChains(values => _configuration.Load(parsed, [.. model, .. values], common));
        var slots = new RunSlots(Parallel(choices.Text(_parallel, "parallel"), chains), MachineMemory.Read().Bytes);
        ArmOutcome outcome = await new ArmRunner(terminal, signals, parsed.GetValue(_accept)).RunAsync(chains, slots);
        if (outcome.IsStopped)
        {
            terminal.Out.WriteLine("Stopped. Repeat the command to continue.");
            return ExitCode.Stopped;
        }

        var suite = ComparisonSuite.Read(plan, chains, outcome.Failures, baseline, clock);
        ImmutableArray<string> files = ComparisonFiles.Write(suite, plan);
        terminal.Out.WriteLine();
        terminal.Out.WriteLine(ComparisonMarkdown.Create(suite));
        terminal.Out.WriteLine($"Written: {string.Join(", ", files)}");
        return Report(outcome.Failures);
    }

    private ComparisonPlan Plan(CompareChoices choices)
    {
        ComparisonGrid? grid = choices.Grid;
        IEnumerable<string> presets =
            choices.IsGiven(_presets) || grid is null or { Presets: null, Arms.IsEmpty: true }
                ? CommonOptions.SplitList(choices.Parsed.GetRequiredValue(_presets))
                : grid.Presets ?? [];
        return new ComparisonPlan
        {
            Arms =
            [
                .. presets.Select(Arm.FromPreset),
                .. (grid?.Arms ?? []).Select(Arm.FromGrid),
                .. (choices.Parsed.GetValue(_arms) ?? []).Select(Arm.Parse),
            ],
            Seeds = SeedList.Parse(choices.Text(_seeds, "seeds")!),
            Cells = grid?.Cells ?? [GridCell.Only],
            Output = choices.Text(_output, "output")!,
        };
    }

    /// <summary>Concurrent runs: a number, or as many as the machine has cores for their threads.</summary>
    private static int Parallel(string? text, ImmutableArray<ArmChain> chains)
    {
        if (text == Auto)
        {
            return chains
                .SelectMany(chain => chain.Runs)
                .Select(run => run.Settings)
                .Min(s => RunSlots.ByCores(Environment.ProcessorCount, (s.Learner.Threads, s.EngineCount * s.Engine.Threads)));
        }

        return int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int count) && count >= 1
            ? count
            : throw new UsageException($"--parallel {text}: must be a number of runs, at least 1, or {Auto}.");
    }

    /// <summary>Repeats the failures where they are not lost among the tables.</summary>
    private int Report(ImmutableArray<FailedRun> failures)
    {
        foreach (FailedRun failure in failures)
        {
            terminal.WriteError($"{failure.Name}: {failure.Message}");
        }

        return failures.IsEmpty ? ExitCode.Done : ExitCode.Failed;
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
}
