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
        var directory = new Argument<string>("DIR") { Description = "Directory to search recursively.", DefaultValueFactory = _ => "runs" };
        Option<bool> json = CommonOptions.Json();
        var command = new CommandWithExamples(
            "runs",
            "Lists the runs in a directory: state (running, completed, stopped, failed or dead), progress, and how to resume them.",
            ["icpo runs", "icpo runs runs/compare --json", "icpo runs prune --dry-run"]
        )
        {
            directory,
            json,
            PruneCommand.Create(terminal),
        };
        command.SetAction(parsed =>
        {
            string path = parsed.GetRequiredValue(directory);
            ImmutableArray<RunEntry> runs = RunCatalog.Read(path, TimeProvider.System);
            if (parsed.GetValue(json))
            {
                terminal.Out.WriteLine(JsonOutput.ToText(JsonOutput.Array(runs, ToJson)));
                return;
            }

            foreach (RunEntry run in runs)
            {
                string error = run.Error is { } text ? $"; {text}" : "";
                terminal.Out.WriteLine($"{run.Directory}: {State(run)}{Progress(run)}{Accuracy(run)}{error}");
                if (ResumeCommand(run) is { } resume)
                {
                    terminal.Out.WriteLine($"  resume: {resume}");
                }
            }

            terminal.Out.WriteLine(runs.IsEmpty ? $"No runs in {path}." : $"{runs.Length} runs.");
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

    private static string Progress(RunEntry run) =>
        run.Settings is { } settings ? $", {settings.Preset} seed {settings.Seed}, update {run.Committed}/{settings.Updates}" : "";

    private static string Accuracy(RunEntry run)
    {
        if (run.Accuracy is not { } last)
        {
            return "";
        }

        if (run is not { Before: { } before, AccuracyAt: > 0 })
        {
            return $", accuracy {Format.Percent(last)} after update {run.AccuracyAt}";
        }

        string update = run.AccuracyAt == run.Committed ? "" : $" after update {run.AccuracyAt}";
        return $", accuracy {Format.Percent(before)} to {Format.Percent(last)}{update}";
    }

    /// <summary>The command that resumes a run; null if it cannot be resumed.</summary>
    private static string? ResumeCommand(RunEntry run) =>
        run.Settings is not null && run.State is RunState.Stopped or RunState.Failed or RunState.Dead
            ? ShellText.Resume(run.Directory)
            : null;

    private static JsonObject ToJson(RunEntry run) =>
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
            ["go_on"] = ResumeCommand(run),
        };
}
