using System.Collections.Immutable;
using System.CommandLine;
using ICPO.Actors.Host.CommandLine;
using ICPO.Actors.Host.Views;
using ICPO.Actors.RunFiles;
using ICPO.Actors.RunFiles.Pruning;

namespace ICPO.Actors.Host.Commands;

/// <summary><c>icpo runs prune</c>.</summary>
internal static class PruneCommand
{
    public static Command Create(Terminal terminal)
    {
        var directory = new Argument<string>("DIR") { Description = "Directory to search recursively.", DefaultValueFactory = _ => "runs" };
        var dryRun = new Option<bool>("--dry-run") { Description = "Show what would be deleted, and delete nothing." };
        var checkpoints = new Option<bool>("--checkpoints") { Description = "Also all checkpoints of completed runs except the last." };
        var payloads = new Option<bool>("--payloads")
        {
            Description = "Also the payloads of completed runs; these runs can no longer be inspected, replayed or extended.",
        };
        var command = new CommandWithExamples(
            "prune",
            "Deletes published weights and unfinished files of inactive runs. Files that resume, inspect and replay need are " + "kept.",
            ["icpo runs prune --dry-run", "icpo runs prune runs/compare --checkpoints"]
        )
        {
            directory,
            dryRun,
            checkpoints,
            payloads,
        };
        command.SetAction(parsed =>
            Run(
                RunCatalog.Read(parsed.GetRequiredValue(directory), TimeProvider.System),
                new PruneScope(parsed.GetValue(checkpoints), parsed.GetValue(payloads)),
                parsed.GetValue(dryRun),
                terminal
            )
        );
        return command;
    }

    private static void Run(ImmutableArray<RunEntry> runs, PruneScope scope, bool dryRun, Terminal terminal)
    {
        (long bytes, int count) = (0, 0);
        foreach (RunEntry run in runs)
        {
            ImmutableArray<PrunedItem> items = RunPruner.Find(run, scope);
            foreach (PrunedItem item in items)
            {
                terminal.Out.WriteLine($"{item.Path}: {Format.Count(item.Bytes)} bytes, {Reason(item.Reason)}");
            }

            if (!dryRun)
            {
                RunPruner.Delete(run, items, TimeProvider.System);
            }

            (bytes, count) = (bytes + items.Sum(item => item.Bytes), count + items.Length);
        }

        int running = runs.Count(run => run.State == RunState.Running);
        terminal.Out.WriteLine(
            $"{(dryRun ? "Would delete" : "Deleted")} {count} items of {runs.Length} runs, {Format.Count(bytes)} bytes"
                + $"{(running > 0 ? $"; {running} running runs are not touched" : "")}."
        );
    }

    private static string Reason(PruneReason reason) =>
        reason switch
        {
            PruneReason.PublishedWeights => "published weights",
            PruneReason.Unfinished => "an interrupted write",
            PruneReason.EarlierCheckpoint => "a checkpoint before the last",
            _ => "a payload",
        };
}
