using System.Runtime.InteropServices;
using ICPO.Actors.Cluster.Hosting;
using ICPO.Actors.Host.CommandLine;
using ICPO.Actors.Host.Views;
using ICPO.Actors.RunFiles.Directories;
using ICPO.Actors.Runs;

namespace ICPO.Actors.Host.Commands;

/// <summary>Shows a run until it ends, stops it on request, and turns its result into an exit code.</summary>
/// <param name="resume">The command that resumes a run, without the directory.</param>
internal sealed class RunFollower(Terminal terminal, StopSignals signals, string resume = ShellText.TrainResume)
{
    /// <summary>The standby that continues a run which SIGTERM has stopped here; null if there is none.</summary>
    private string? _successor;

    /// <exception cref="FailedRunException">The run has failed; names its log.</exception>
    public async Task<int> FollowAsync(IIcpoRun run)
    {
        terminal.WriteNotes(run.Notes);
        if (run.FirstPrompt is { } first)
        {
            terminal.Out.WriteLine(first);
        }

        if (run.DiskUse is { } disk)
        {
            terminal.Out.WriteLine(disk);
        }

        RunSummary summary = await WatchAsync(run);
        WriteResult(summary, run);
        if (summary.StoppedBy is { } rule)
        {
            SummaryFinding finding = summary.Health.Last(entry => entry.Rule == rule);
            terminal.WriteError($"stopped by the health rule {rule}: {finding.Problem}. {finding.Advice}");
            return ExitCode.Failed;
        }

        return summary.State == "stopped" && _successor is null ? ExitCode.Stopped : ExitCode.Done;
    }

    /// <summary>Shows the progress of a run until it ends, and stops it on request.</summary>
    private async Task<RunSummary> WatchAsync(IIcpoRun run)
    {
        var directory = new RunDirectory(run.Directory);
        try
        {
            Task stopping = StopOnRequestAsync(run);
            await ShowAsync(run);
            RunSummary summary = await run.Completion;
            await stopping;
            return summary;
        }
        catch (Exception e)
        {
            bool canResume = File.Exists(directory.EffectiveConfiguration);
            throw new FailedRunException(directory.Log, e, canResume ? ShellText.Resume(run.Directory, resume) : null);
        }
    }

    /// <summary>The run continues if its view fails.</summary>
    private async Task ShowAsync(IIcpoRun run)
    {
        try
        {
            await RunViews.For(terminal).ShowAsync(run, signals.Token);
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            terminal.WriteError($"the progress is no longer shown, the run continues: {e.Message.Split('\n')[0]}");
        }
    }

    private async Task StopOnRequestAsync(IIcpoRun run)
    {
        await Task.WhenAny(run.Completion, Task.Delay(Timeout.InfiniteTimeSpan, signals.Token));
        if (!run.Completion.IsCompleted)
        {
            _successor = signals.Received == PosixSignal.SIGTERM ? ClusterRuns.HandOver(run) : null;
            await run.StopAsync(CancellationToken.None);
        }
    }

    private void WriteResult(RunSummary summary, IIcpoRun run)
    {
        if (summary.State == "stopped" && _successor is { } successor)
        {
            terminal.Out.WriteLine($"Stopped here; {successor} continues the run.");
        }
        else if (summary.State == "stopped")
        {
            string how = summary.StopIncomplete is { } missing
                ? $"Stopped without a new checkpoint: {missing}. What is committed is kept."
                : "Stopped.";
            terminal.Out.WriteLine($"{how} Resume with: {ShellText.Resume(run.Directory, resume)}");
        }

        if (summary.Model is not null)
        {
            terminal.Out.WriteLine($"Model: {run.ModelDirectory}");
        }

        terminal.Out.WriteLine($"Report: {Path.Combine(run.Directory, "report.html")}");
        terminal.Out.WriteLine(SummaryText.Create(summary));
    }
}
