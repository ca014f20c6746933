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
        StoppedAsItIs stopped = CaptureStopped(reason);
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

            summary = Summarize(stopped, account);
            Write(stopped, summary, log);
        }
    }

    /// <summary>The outcome of a run whose actor system ended before a stop was requested, or before the stop was complete.</summary>
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

        StoppedAsItIs stopped = CaptureStopped(Reason);
        RunSummary summary = Summarize(stopped, new MetricsActor.Account(Ledger.Empty));
        Write(stopped, summary, _log);
        _run.Ended.TrySetResult(summary);
    }

    /// <summary>The state of the run as its summary needs it, which is written outside of the actor.</summary>
    private StoppedAsItIs CaptureStopped(string reason)
    {
        PolicyVersion? saved = _parts.Checkpoints.Newest();
        PolicyVersion version = _finished?.Version ?? _newest?.Version ?? _state?.Committed ?? saved ?? PolicyVersion.Base;
        return new(reason, version, saved, _before, _stoppedBy?.Rule) { HasState = _state is not null };
    }

    private RunSummary Summarize(StoppedAsItIs stopped, MetricsActor.Account account) =>
        RunSummaryBuilder.Build(_run, _clock, new RunOutcome("stopped", stopped.Version, stopped.Before, null, account)) with
        {
            StoppedBy = stopped.By,
            StopIncomplete = stopped.Reason,
            Model = stopped.Saved is { } newest ? Path.GetRelativePath(_run.Directory.Path, _parts.Checkpoints.PathOf(newest)) : null,
        };

    /// <summary>A start that has read nothing leaves the summary of an earlier one.</summary>
    private void Write(StoppedAsItIs stopped, RunSummary summary, ILoggingAdapter log)
    {
        if (!stopped.HasState && File.Exists(_run.Directory.Summary))
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

    /// <param name="Reason">What is missing.</param>
    /// <param name="Version">The last version that is known to be committed.</param>
    /// <param name="Saved">The newest checkpoint; null without one.</param>
    /// <param name="Before">The accuracy before the first update, if it was measured.</param>
    /// <param name="By">The health rule that stopped the run; null if a caller did.</param>
    private sealed record StoppedAsItIs(string Reason, PolicyVersion Version, PolicyVersion? Saved, double? Before, string? By)
    {
        /// <summary>True if the journal was read.</summary>
        public bool HasState { get; init; }
    }
}
