using Akka.Actor;
using Akka.Event;
using ICPO.Actors.Algorithm.Ledgers;
using ICPO.Actors.Contracts.Identity;
using ICPO.Actors.Learning;
using ICPO.Actors.Metrics;
using ICPO.Actors.Ownership;
using ICPO.Actors.Progress;
using ICPO.Actors.RunFiles.Directories;

namespace ICPO.Actors.Runs;

/// <summary>
/// The end of a run: work is drained, the ledger is computed, the summary is written, and all parts have stopped before the owner is
/// notified.
/// </summary>
public sealed partial class RunActor
{
    private void WriteSummary(bool reachedLastUpdate, MetricsActor.Account account)
    {
        foreach (string fault in account.Ledger.Faults())
        {
            _log.Error("The ledger does not close: {0}", fault);
        }

        LearnerActor.Finished finished = _finished!;
        var outcome = new RunOutcome(reachedLastUpdate ? "completed" : "stopped", finished.Version, _before, _after, account);
        _summary = RunSummaryBuilder.Build(_run, _clock, outcome) with
        {
            StoppedBy = reachedLastUpdate ? null : _stoppedBy?.Rule,
            Model = Path.GetRelativePath(_run.Directory.Path, Path.Combine(_run.Directory.Checkpoints, finished.Checkpoint)),
        };
        RunSummaries.Write(_run.Directory, _summary);
    }

    private void EndCompleted(bool reachedLastUpdate)
    {
        RunSummary summary = _summary!;
        Enter(reachedLastUpdate ? RunPhase.Completed : RunPhase.Stopped);
        End(() => _run.Ended.TrySetResult(summary), Task.CompletedTask);
    }

    private void EndFailed(Exception reported)
    {
        // A missing directory is reported instead of the first failure, since it causes all others.
        Exception cause = _run.IsLocked && _run.Directory.IsRemoved ? new IOException(_run.Directory.RemovedMessage, reported) : reported;
        _log.Error(cause, "The run has failed: {0}", cause.Message);
        if (RunFencedException.IsCauseOf(cause))
        {
            _run.Endpoint?.Leave();
        }

        Enter(RunPhase.Failed, cause.Message);
        PolicyVersion version = _newest?.Version ?? _state?.Committed ?? PolicyVersion.Base;
        End(
            () => _run.Ended.TrySetException(new RunFailedException(cause.Message, _run.Directory.Path, cause)),
            SummarizeFailureAsync(_metrics, _log, version, _before, cause.Message)
        );
    }

    /// <summary>Writes the summary of a failed run; an error in doing so must not hide the run's failure.</summary>
    private async Task SummarizeFailureAsync(IActorRef metrics, ILoggingAdapter log, PolicyVersion version, double? before, string error)
    {
        if (_run.IsLocked && _run.Directory.IsRemoved)
        {
            return;
        }

        try
        {
            MetricsActor.Account account = await AccountAsync(metrics).ConfigureAwait(false);
            var outcome = new RunOutcome("failed", version, before, null, account);
            RunSummaries.Write(_run.Directory, RunSummaryBuilder.Build(_run, _clock, outcome) with { Error = error });
        }
        catch (Exception unwritten) when (unwritten is AskTimeoutException or IOException or UnauthorizedAccessException)
        {
            log.Warning("The summary of the failed run was not written: {0}", unwritten.Message);
        }
    }

    /// <summary>What the metrics have counted so far; nothing where they have not started.</summary>
    /// <exception cref="AskTimeoutException">They do not answer.</exception>
    private static async Task<MetricsActor.Account> AccountAsync(IActorRef metrics) =>
        metrics.IsNobody()
            ? new MetricsActor.Account(Ledger.Empty)
            : await metrics.Ask<MetricsActor.Account>(MetricsActor.ReportAccount.Instance, TimeSpan.FromSeconds(5)).ConfigureAwait(false);

    /// <summary>Ends the children and closes the files, then reports the outcome to the owner.</summary>
    /// <param name="report">Sets the run's outcome.</param>
    /// <param name="last">Ends before the children do.</param>
    private void End(Action report, Task last)
    {
        Timers.Cancel(DeadlineTimer);
        if (_progression.JournalAway)
        {
            // It waits for its database and would not process a stop message before that responds.
            Context.Stop(_parts.Buffer);
        }

        ILoggingAdapter log = _log;
        _ = CloseAsync([.. Context.GetChildren()], report, last)
            .PipeTo(Self, failure: cause =>
            {
                // The outcome is known already: a part that does not end must not replace it.
                log.Error(cause, "Some parts of the run have not ended in time: {0}", cause.Message);
                return new Closed(report);
            });
    }

    /// <summary>The owner gets the outcome when the parts have ended or a deadline has passed.</summary>
    private async Task EndAfterPartsAsync()
    {
        try
        {
            await EndPartsAsync().ConfigureAwait(false);
            EndWithSystem();
        }
        catch (Exception error) when (error is not OutOfMemoryException)
        {
            _run.Ended.TrySetException(error);
        }
    }

    private async Task EndPartsAsync()
    {
        try
        {
            await _parts.DisposeAsync().ConfigureAwait(false);
        }
        finally
        {
            _run.ComputeEnded = _parts.ComputeEnding ?? Task.CompletedTask;
        }
    }

    private async Task<Closed> CloseAsync(IReadOnlyList<IActorRef> children, Action report, Task last)
    {
        await last.ConfigureAwait(false);
        TimeSpan deadline = _run.Settings.Shutdown.TerminateTimeout;
        try
        {
            await Task.WhenAll(children.Select(child => child.GracefulStop(deadline))).ConfigureAwait(false);
        }
        finally
        {
            await EndPartsAsync().ConfigureAwait(false);
        }

        _parts.Checkpoints.DeletePolicies();

        return new Closed(report);
    }
}
