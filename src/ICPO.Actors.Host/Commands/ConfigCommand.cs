using System.Collections.Immutable;
using System.CommandLine;
using ICPO.Actors.Composition;
using ICPO.Actors.Configuration.Hocon;
using ICPO.Actors.Configuration.Layers;
using ICPO.Actors.Engines;
using ICPO.Actors.Host.CommandLine;
using Spectre.Console;

namespace ICPO.Actors.Host.Commands;

/// <summary><c>icpo config show|check</c>.</summary>
internal static class ConfigCommand
{
    public static Command Create(Terminal terminal) =>
        new CommandWithExamples(
            "config",
            "Shows and checks configuration.",
            ["icpo config show --preset grpo", "icpo config check hocon/runs/quick.conf"]
        )
        {
            CreateShow(terminal),
            CreateCheck(terminal),
        };

    private static CommandWithExamples CreateShow(Terminal terminal)
    {
        var options = new ConfigurationOptions();
        var changed = new Option<bool>("--changed") { Description = "Only the keys that differ from the default." };
        var command = new CommandWithExamples(
            "show",
            "Shows every key with its value and its source.",
            ["icpo config show --config hocon/runs/quick.conf --set group.policy-rollouts=4 --changed"]
        )
        {
            changed,
        };
        options.AddTo(command);
        command.SetAction(parsed =>
        {
            ImmutableArray<ConfigurationEntry> entries =
            [
                .. options.Load(parsed).Entries.Where(e => !parsed.GetValue(changed) || !e.IsDefault),
            ];
            if (terminal.Rich is { } console)
            {
                console.Write(CreateTable(entries));
            }
            else
            {
                WriteLines(entries, terminal.Out);
            }
        });
        return command;
    }

    private static Table CreateTable(ImmutableArray<ConfigurationEntry> entries)
    {
        Table table = new Table().Border(TableBorder.Simple).AddColumns("Key", "Value", "Source");
        foreach (ConfigurationEntry e in entries)
        {
            string value = Markup.Escape(e.Value);
            table.AddRow(Markup.Escape(e.Key), e.IsDefault ? value : $"[bold]{value}[/]", $"[grey]{Markup.Escape(e.Source)}[/]");
        }

        return table;
    }

    private static void WriteLines(ImmutableArray<ConfigurationEntry> entries, TextWriter output)
    {
        int keyWidth = entries.Select(e => e.Key.Length).DefaultIfEmpty().Max();
        int valueWidth = entries.Select(e => e.Value.Length).DefaultIfEmpty().Max();
        foreach (ConfigurationEntry e in entries)
        {
            output.WriteLine($"{e.Key.PadRight(keyWidth)} = {e.Value.PadRight(valueWidth)}  # {e.Source}");
        }
    }

    private static CommandWithExamples CreateCheck(Terminal terminal)
    {
        var files = new Argument<string[]>("FILE")
        {
            Description = "HOCON run file to check; of several files, later ones take precedence.",
            Arity = ArgumentArity.OneOrMore,
        };
        Option<string[]> set = ConfigurationOptions.Set();
        var model = new Option<string?>("--model", "-m")
        {
            Description = "The model to estimate the memory for, instead of the one in the file.",
            HelpName = "PATH",
        };
        var prompt = new Option<bool>("--prompt")
        {
            Description =
                "Also print the first prompt as it is sent to the model, and its token ids; reads the data set and the tokenizer.",
        };
        var command = new CommandWithExamples(
            "check",
            "Checks a run file, with the environment's variables ICPO__... over it, for unknown keys, invalid values and contradictions, "
                + "and estimates the memory if the model exists.",
            [
                "icpo config check hocon/runs/quick.conf --set engine.slots=128",
                "icpo config check hocon/runs/gsm8k-smollm2.conf --model PATH --prompt",
            ]
        )
        {
            files,
            set,
            model,
            prompt,
        };
        command.SetAction(parsed =>
        {
            string[] paths = parsed.GetRequiredValue(files);
            var configuration = IcpoConfiguration.Load(
                new ConfigurationSources
                {
                    Files = [.. paths.Select(ConfigurationFile.Open)],
                    Environment = ConfigurationSources.ProcessEnvironment(),
                    Overrides = [.. parsed.GetValue(set) ?? [], .. ModelOptions.Overrides(parsed, model)],
                }
            );
            EngineRegistry.Find(configuration.Settings.EngineKind);
            int count = configuration.Entries.Count(e => paths.Any(path => e.Source.StartsWith(path + ":", StringComparison.Ordinal)));
            terminal.Out.WriteLine(
                $"{string.Join(", ", paths)}: valid, sets {count} of {configuration.Entries.Length} keys; "
                    + $"preset {configuration.Settings.Preset}."
            );
            foreach (ConfigurationEntry entry in configuration.Entries.Where(ConfigurationSources.IsFromEnvironment))
            {
                terminal.Out.WriteLine($"{entry.Key} = {entry.Value}, from the {entry.Source}.");
            }

            foreach (string sentence in MemoryEstimate.Describe(configuration.Settings))
            {
                terminal.Out.WriteLine(sentence);
            }

            if (parsed.GetValue(prompt))
            {
                WritePrompt(FirstPrompt.Read(configuration.Settings), terminal.Out);
            }
        });
        return command;
    }

    private static void WritePrompt(FirstPrompt first, TextWriter output)
    {
        string form = first.IsChat ? "by the model's chat template" : "in plain text";
        output.WriteLine($"The first prompt, {form}, {first.Ids.Length} tokens:");
        output.WriteLine(first.Text);
        output.WriteLine($"ids: [{string.Join(", ", first.Ids)}]");
    }
}
