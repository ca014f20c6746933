using System.Collections.Immutable;
using System.CommandLine;
using System.Text.Json.Nodes;
using ICPO.Actors.Host.CommandLine;
using ICPO.Actors.Host.Views;
using ICPO.Actors.RunFiles;

namespace ICPO.Actors.Host.Commands;

/// <summary><c>icpo runs</c>.</summary>
internal static class RunsCommand
{
    public static Command Create(Terminal terminal)
    {
        var directory = new Argument<string>("DIR") { Description = "Where to look, in it and below.", DefaultValueFactory = _ => "runs" };
        var json = new Option<bool>("--json") { Description = "Writes JSON." };
        var command = new ExampledCommand(
            "runs",
            "The runs below a directory: running, completed, stopped, failed or dead, how far they came, and how to go on.",
            "icpo runs\nicpo runs runs/compare --json"
        )
        {
            directory,
            json,
        };
        command.SetAction(parsed =>
        {
            string path = parsed.GetRequiredValue(directory);
            ImmutableArray<RunEntry> runs = RunCatalog.Read(path, TimeProvider.System);
            if (parsed.GetValue(json))
            {
                terminal.Out.WriteLine(JsonOutput.Array(runs, Json).ToJsonString(JsonOutput.Indented));
                return;
            }

            foreach (RunEntry run in runs)
            {
                terminal.Out.WriteLine(
                    $"{run.Directory}: {State(run)}{Made(run)}{Accuracy(run)}{(run.Error is { } error ? $"; {error}" : "")}"
                );
                if (GoOn(run) is { } next)
                {
                    terminal.Out.WriteLine($"  go on: {next}");
                }
            }

            terminal.Out.WriteLine(runs.IsEmpty ? $"There is no run in {path}." : $"{runs.Length} runs.");
        });
        return command;
    }

    private static string State(RunEntry run) =>
        run switch
        {
            { State: RunState.Running, Owner: { } owner } => $"running (process {owner.Process} on {owner.Host})",
            { State: RunState.Dead, Owner: { } owner } => $"dead (process {owner.Process} on {owner.Host}, last seen {owner.Seen:u})",
            _ => run.State.ToString().ToLowerInvariant(),
        };

    private static string Made(RunEntry run) =>
        run.Settings is { } settings ? $", {settings.Preset} seed {settings.Seed}, update {run.Committed}/{settings.Updates}" : "";

    private static string Accuracy(RunEntry run) =>
        (run.Before, run.Accuracy, run.AccuracyAt) switch
        {
            ({ } before, { } last, > 0) =>
                $", accuracy {Sentences.Percent(before)} to {Sentences.Percent(last)}{(run.AccuracyAt == run.Committed ? "" : $" after update {run.AccuracyAt}")}",
            (_, { } last, _) => $", accuracy {Sentences.Percent(last)} after update {run.AccuracyAt}",
            _ => "",
        };

    /// <summary>What to type to go on; null where there is nothing to go on with.</summary>
    private static string? GoOn(RunEntry run) =>
        run.Settings is not null && run.State is RunState.Stopped or RunState.Failed or RunState.Dead
            ? $"icpo train --resume {run.Directory}"
            : null;

    private static JsonObject Json(RunEntry run) =>
        new()
        {
            ["directory"] = run.Directory,
            ["state"] = run.State.ToString().ToLowerInvariant(),
            ["process"] = run.Owner?.Process,
            ["host"] = run.Owner?.Host,
            ["seen"] = run.Owner?.Seen.ToString("u"),
            ["preset"] = run.Settings?.Preset,
            ["seed"] = run.Settings?.Seed,
            ["update"] = run.Committed,
            ["updates"] = run.Settings?.Updates,
            ["accuracy_before"] = run.Before,
            ["accuracy"] = run.Accuracy,
            ["accuracy_at"] = run.AccuracyAt,
            ["error"] = run.Error,
            ["go_on"] = GoOn(run),
        };
}
