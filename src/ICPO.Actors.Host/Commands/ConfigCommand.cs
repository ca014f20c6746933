using System.Collections.Immutable;
using System.CommandLine;
using ICPO.Actors.Composition;
using ICPO.Actors.Configuration.Hocon;
using ICPO.Actors.Configuration.Layers;
using ICPO.Actors.Host.CommandLine;
using Spectre.Console;

namespace ICPO.Actors.Host.Commands;

/// <summary><c>icpo config show|check</c>.</summary>
internal static class ConfigCommand
{
    public static Command Create(Terminal terminal) =>
        new ExampledCommand("config", "Shows and checks configuration.", "icpo config show --preset grpo")
        {
            Show(terminal),
            Check(terminal),
        };

    private static ExampledCommand Show(Terminal terminal)
    {
        var options = new ConfigurationOptions();
        var changed = new Option<bool>("--changed") { Description = "Only the keys that differ from the reference." };
        var command = new ExampledCommand(
            "show",
            "Every key, its value and where it was set.",
            "icpo config show --config hocon/runs/quick.conf --set group.policy-rollouts=4 --changed"
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
                Table table = new Table().Border(TableBorder.Simple).AddColumns("Key", "Value", "Source");
                foreach (ConfigurationEntry e in entries)
                {
                    table.AddRow(
                        Markup.Escape(e.Key),
                        (e.IsDefault ? "" : "[bold]") + Markup.Escape(e.Value) + (e.IsDefault ? "" : "[/]"),
                        $"[grey]{Markup.Escape(e.Source)}[/]"
                    );
                }

                console.Write(table);
                return;
            }

            (int key, int value) = (
                entries.Select(e => e.Key.Length).DefaultIfEmpty().Max(),
                entries.Select(e => e.Value.Length).DefaultIfEmpty().Max()
            );
            foreach (ConfigurationEntry e in entries)
            {
                terminal.Out.WriteLine($"{e.Key.PadRight(key)} = {e.Value.PadRight(value)}  # {e.Source}");
            }
        });
        return command;
    }

    private static ExampledCommand Check(Terminal terminal)
    {
        var files = new Argument<string[]>("FILE")
        {
            Description = "The HOCON file to check; several are laid over each other, a later one wins.",
            Arity = ArgumentArity.OneOrMore,
        };
        Option<string[]> set = ConfigurationOptions.Set();
        var model = new Option<string?>("--model", "-m")
        {
            Description = "The model whose run is estimated, instead of the file's own.",
            HelpName = "PATH",
        };
        var command = new ExampledCommand(
            "check",
            "Checks a run file: every unknown key, bad value and contradiction. Tells what memory its run takes, where its model is there.",
            "icpo config check hocon/runs/quick.conf --set engine.slots=128"
        )
        {
            files,
            set,
            model,
        };
        command.SetAction(parsed =>
        {
            string[] paths = parsed.GetRequiredValue(files),
                changes = parsed.GetValue(set) ?? [];
            var configuration = IcpoConfiguration.Load(
                new ConfigurationSources
                {
                    Files = [.. paths.Select(ConfigurationFile.Open)],
                    Overrides = [.. changes, .. parsed.GetValue(model) is { } named ? [$"model.path={named}"] : Array.Empty<string>()],
                }
            );
            int count = configuration.Entries.Count(e => paths.Any(path => e.Source.StartsWith(path + ":", StringComparison.Ordinal)));
            terminal.Out.WriteLine(
                $"{string.Join(" with ", paths)} is valid: it sets {count} of {configuration.Entries.Length} keys over preset {configuration.Settings.Preset}."
            );
            foreach (string sentence in MemoryEstimate.Of(configuration.Settings))
            {
                terminal.Out.WriteLine(sentence);
            }
        });
        return command;
    }
}
