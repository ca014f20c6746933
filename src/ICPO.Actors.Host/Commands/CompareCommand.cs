using System.Collections.Immutable;
using System.CommandLine;
using System.Globalization;
using ICPO.Actors.Host.CommandLine;
using ICPO.Actors.Host.Comparing;

namespace ICPO.Actors.Host.Commands;

/// <summary><c>icpo compare</c>.</summary>
internal static class CompareCommand
{
    public static Command Create(Terminal terminal, StopSignals signals)
    {
        var options = new ConfigurationOptions();
        var presets = new Option<string>("--presets")
        {
            Description = "Presets to compare, by commas; \"\" for none.",
            HelpName = "LIST",
            DefaultValueFactory = _ => "grpo,grpo-extra,ief,icpo,icpo-rs,sft",
        };
        var arms = new Option<string[]>("--arm")
        {
            Description =
                "A further arm: a preset under a label of its own, with keys set, or a chain of these, each from the weights the one before ended with (seconds and updates add up); may be repeated.",
            HelpName = "LABEL:PRESET,key=value,…[>PRESET,…]",
            Arity = ArgumentArity.OneOrMore,
        };
        var seeds = new Option<string>("--seeds")
        {
            Description = "Seeds, by commas or as a range.",
            HelpName = "LIST",
            DefaultValueFactory = _ => "1-3",
        };
        var baseline = new Option<string?>("--baseline")
        {
            Description = "The arm the others are measured against; left out: grpo, or the first.",
            HelpName = "ARM",
        };
        var clock = new Option<string?>("--clock")
        {
            Description = "The arm whose end sets the time of the comparison at equal seconds; left out: icpo, or the first.",
            HelpName = "ARM",
        };
        var parallel = new Option<int>("--parallel")
        {
            Description = "Runs at once; more than 1 makes seconds depend on what else runs.",
            HelpName = "N",
            DefaultValueFactory = _ => 1,
        };
        var output = new Option<string>("--output", "-o")
        {
            Description = "Directory of runs and tables. Called again, it keeps complete runs and goes on with others.",
            HelpName = "DIR",
            DefaultValueFactory = _ => Path.Combine("runs", "compare"),
        };
        Option<string?> model = ModelOptions.Model();
        var command = new ExampledCommand(
            "compare",
            "Trains several presets over several seeds and compares them by seed: at equal updates and at equal seconds, split by tag, with paired differences, intervals and p-values.",
            "icpo compare --presets grpo,icpo --seeds 1-5 --output runs/compare\nicpo compare --presets grpo,icpo --arm grpo-long:grpo,run.updates=200 --clock icpo --seeds 1,2,3\nicpo compare --presets icpo --arm \"sft-grpo:sft,run.updates=8>grpo,run.updates=142\" --seeds 1-3"
        )
        {
            presets,
            arms,
            model,
            seeds,
            baseline,
            clock,
            parallel,
            output,
        };
        options.AddTo(command, withPreset: false);
        command.SetAction(
            async (parsed, cancellation) =>
            {
                ImmutableArray<Arm> compared =
                [
                    .. parsed
                        .GetRequiredValue(presets)
                        .Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)
                        .Select(Arm.OfPreset),
                    .. (parsed.GetValue(arms) ?? []).Select(Arm.Parse),
                ];
                ImmutableArray<string> labels = [.. compared.Select(a => a.Label)];
                ImmutableArray<ulong> numbers = Seeds(parsed.GetRequiredValue(seeds));
                Check(labels);
                string against = Named(parsed.GetValue(baseline), "--baseline", "grpo", labels);
                string timed = Named(parsed.GetValue(clock), "--clock", "icpo", labels);
                EvalCommand.AtLeast(1, parsed.GetValue(parallel), "--parallel");

                string[] start = parsed.GetValue(model) is { } path ? [$"model.path={path}"] : [];
                string directory = parsed.GetRequiredValue(output);
                // Seed by seed, so that what slows the machine down for a while meets all arms.
                ImmutableArray<ArmRuns.Chain> runs =
                [
                    .. numbers.SelectMany(seed =>
                        compared.Select(arm => arm.Runs(overrides => options.Load(parsed, [.. start, .. overrides]), directory, seed))
                    ),
                ];
                if (!await new ArmRuns(terminal, signals).MakeAsync(runs, parsed.GetValue(parallel)))
                {
                    terminal.Out.WriteLine("Stopped; the same command goes on where it was.");
                    return ExitCode.Stopped;
                }

                var comparison = Comparison.Of(labels, numbers, [.. runs.Select(ArmRun.Read)], against, timed);
                ImmutableArray<string> files = ComparisonPages.Write(comparison, directory);
                terminal.Out.WriteLine();
                terminal.Out.WriteLine(ComparisonPages.Markdown(comparison));
                terminal.Out.WriteLine($"Written: {string.Join(", ", files)}");
                return ExitCode.Done;
            }
        );
        return command;
    }

    /// <summary>Reads <c>1,2,5</c> and <c>1-5</c>.</summary>
    internal static ImmutableArray<ulong> Seeds(string text)
    {
        ImmutableArray<ulong>.Builder seeds = ImmutableArray.CreateBuilder<ulong>();
        foreach (string part in text.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            string[] ends = part.Split('-');
            if (
                ends.Length > 2
                || !TryParse(ends[0], out ulong first)
                || !TryParse(ends[^1], out ulong last)
                || last < first
                || last - first >= 1000
            )
            {
                throw new UsageException($"--seeds {text}: write numbers by commas or a range, for example 1,2,3 or 1-5.");
            }

            for (ulong seed = first; seed <= last; seed++)
            {
                seeds.Add(seed);
            }
        }

        return seeds.Count > 0 && seeds.Distinct().Count() == seeds.Count
            ? seeds.ToImmutable()
            : throw new UsageException($"--seeds {text}: name each seed once, one at least.");
    }

    private static bool TryParse(string text, out ulong number) =>
        ulong.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number);

    private static string Named(string? label, string option, string usual, ImmutableArray<string> labels) =>
        label switch
        {
            null => labels.Contains(usual) ? usual : labels[0],
            _ when labels.Contains(label) => label,
            _ => throw new UsageException($"{option} {label}: it must be one of the arms, {string.Join(", ", labels)}."),
        };

    private static void Check(ImmutableArray<string> labels)
    {
        if (labels.Length < 2 || labels.Distinct().Count() != labels.Length)
        {
            throw new UsageException(
                $"compare needs two arms at least, each with a label of its own; these are {(labels.IsEmpty ? "none" : string.Join(", ", labels))}."
            );
        }
    }
}
