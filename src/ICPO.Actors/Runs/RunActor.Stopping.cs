using Akka.Actor;
using Akka.Event;
using ICPO.Actors.Algorithm.Ledgers;
using ICPO.Actors.Contracts.Identity;
using ICPO.Actors.Metrics;
using ICPO.Actors.Progress;
using ICPO.Actors.RunFiles.Directories;

namespace ICPO.Actors.Runs;

/// <summary>
/// How a run ends that was told to stop and cannot do so completely: its update takes too long, or its journal does not answer. What was
/// acknowledged is in the journal, so the run is stopped, not failed, and its summary says what is missing.
/// </summary>
public sealed partial class RunActor
{
    private void EndStoppedAsItIs(string reason)
    {
        if (!_run.HasOwnHost)
        {
            _log.Warning("The run was stopped without a new checkpoint: {0}. Committed updates are kept; the run can be resumed", reason);
        }

        Enter(RunPhase.Stopped, reason);
        RunSummary? summary = null;
        (IActorRef metrics, ILoggingAdapter log) = (_metrics, _log);
        End(() => _run.Ended.TrySetResult(summary!), SummarizeAsync());

        async Task SummarizeAsync()
        {
            MetricsActor.Account account = new(Ledger.Empty);
            try
            {
                account = await AccountAsync(metrics).ConfigureAwait(false);
            }
            catch (AskTimeoutException unknown)
            {
                log.Warning("The summary of the stopped run counts no rollouts: {0}", unknown.Message);
            }

            summary = SummarizeAsItIs(account, reason);
            WriteAsItIs(summary, log);
        }
    }

    /// <summary>The outcome of a run whose actor system ended before it was told to stop or before it could.</summary>
    private void EndWithSystem()
    {
        if (_run.Ended.Task.IsCompleted)
        {
            return;
        }

        const string Reason = "the run's actor system has ended";
        if (!_run.IsLocked || _run.Directory.IsRemoved)
        {
            _run.Ended.TrySetException(new InvalidOperationException($"The run is not continued: {Reason}."));
            return;
        }

        RunSummary summary = SummarizeAsItIs(new MetricsActor.Account(Ledger.Empty), Reason);
        WriteAsItIs(summary, _log);
        _run.Ended.TrySetResult(summary);
    }

    private RunSummary SummarizeAsItIs(MetricsActor.Account account, string reason)
    {
        PolicyVersion? saved = _parts.Checkpoints.Newest();
        PolicyVersion version = _finished?.Version ?? _newest?.Version ?? _state?.Committed ?? saved ?? PolicyVersion.Base;
        return RunSummaryBuilder.Build(_run, _clock, new RunOutcome("stopped", version, _before, null, account)) with
        {
            StoppedBy = _stoppedBy?.Rule,
            StopIncomplete = reason,
            Model = saved is { } newest ? Path.GetRelativePath(_run.Directory.Path, _parts.Checkpoints.PathOf(newest)) : null,
        };
    }

    /// <summary>A start that has read nothing leaves the summary of an earlier one.</summary>
    private void WriteAsItIs(RunSummary summary, ILoggingAdapter log)
    {
        if (_state is null && File.Exists(_run.Directory.Summary))
        {
            return;
        }

        try
        {
            RunSummaries.Write(_run.Directory, summary);
        }
        catch (Exception unwritten) when (unwritten is IOException or UnauthorizedAccessException)
        {
            log.Warning("The summary of the stopped run was not written: {0}", unwritten.Message);
        }
    }
}
