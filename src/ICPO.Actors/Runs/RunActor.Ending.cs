using Akka.Actor;
using Akka.Event;
using ICPO.Actors.Algorithm.Ledgers;
using ICPO.Actors.Contracts.Identity;
using ICPO.Actors.Metrics;
using ICPO.Actors.Progress;
using ICPO.Actors.RunFiles.Directories;

namespace ICPO.Actors.Runs;

/// <summary>
/// How a run ends: work is drained, the ledger is taken, the summary written, and everything stands still before anybody hears of it.
/// </summary>
public sealed partial class RunActor
{
    /// <summary>Ends open work, so that the ledger counts nothing that still moves.</summary>
    private void Drain()
    {
        Deadline("Open rollouts did not end", _plan.Settings.Shutdown.StopTimeout);
        _ = DrainAsync().PipeTo(Self);
    }

    private async Task<Drained> DrainAsync()
    {
        await _parts.DrainAsync(_plan.Settings.Shutdown.StopTimeout).ConfigureAwait(false);
        return new Drained();
    }

    private void Account()
    {
        Deadline("The metrics did not answer", _plan.Settings.Shutdown.StopTimeout);
        _metrics.Tell(MetricsActor.ReportAccount.Instance);
    }

    private void Complete(MetricsActor.Account account)
    {
        bool complete = _finished!.Version.Value >= _plan.Settings.Updates;
        foreach (string fault in account.Ledger.Faults())
        {
            _log.Error("The ledger does not close: {0}", fault);
        }

        RunSummary summary = RunSummaryBuilder.Build(
            _plan,
            _clock,
            complete ? "completed" : "stopped",
            _finished.Version,
            _before,
            _after,
            account
        ) with
        {
            Model = Path.GetRelativePath(_plan.Directory.Path, Path.Combine(_plan.Directory.Checkpoints, _finished.Checkpoint)),
        };
        RunSummaries.Write(_plan.Directory, summary);
        Enter(complete ? RunPhase.Completed : RunPhase.Stopped);
        End(() => _plan.Ended.TrySetResult(summary));
    }

    /// <summary>Nothing can be recorded: what was committed is all that can be kept, so there is nothing to wait for.</summary>
    private void StopInOutage() =>
        Fail(
            new IOException(
                $"The run was stopped while {_plan.Database.Description} did not answer. What was committed is kept: go on with --resume when it is back."
            )
        );

    private void Fail(Exception cause)
    {
        if (_ending)
        {
            return;
        }

        _log.Error(cause, "The run has failed: {0}", cause.Message);
        Enter(RunPhase.Failed, cause.Message);
        PolicyVersion version = _newest?.Version ?? _state?.Committed ?? PolicyVersion.Base;
        End(
            () => _plan.Ended.TrySetException(new RunFailedException(cause.Message, _plan.Directory.Path, cause)),
            SummariseFailureAsync(version, cause.Message)
        );
    }

    /// <summary>Writes what is known of a run that failed; that it cannot be written does not hide why the run failed.</summary>
    private async Task SummariseFailureAsync(PolicyVersion version, string error)
    {
        try
        {
            MetricsActor.Account account = _metrics.IsNobody()
                ? new MetricsActor.Account(Ledger.Empty)
                : await _metrics
                    .Ask<MetricsActor.Account>(MetricsActor.ReportAccount.Instance, TimeSpan.FromSeconds(5))
                    .ConfigureAwait(false);
            RunSummaries.Write(
                _plan.Directory,
                RunSummaryBuilder.Build(_plan, _clock, "failed", version, _before, null, account) with
                {
                    Error = error,
                }
            );
        }
        catch (Exception unwritten) when (unwritten is AskTimeoutException or IOException or UnauthorizedAccessException)
        {
            _log.Warning("The summary of the failed run was not written: {0}", unwritten.Message);
        }
    }

    /// <summary>Everything stands still and is written before anybody hears that the run is over.</summary>
    private void End(Action tell, Task? last = null)
    {
        _ending = true;
        Timers.Cancel("deadline");
        if (_away)
        {
            // It waits for an answer of its database, and would read no word before that.
            Context.Stop(_parts.Buffer);
        }

        _ = CloseAsync([.. Context.GetChildren()], tell, last ?? Task.CompletedTask)
            .PipeTo(Self, failure: cause => new Closed(() =>
                _plan.Ended.TrySetException(
                    new RunFailedException($"The run did not end in time: {cause.Message}", _plan.Directory.Path, cause)
                )
            ));
    }

    private async Task<Closed> CloseAsync(IReadOnlyList<IActorRef> children, Action tell, Task last)
    {
        await last.ConfigureAwait(false);
        TimeSpan deadline = _plan.Settings.Shutdown.TerminateTimeout;
        await Task.WhenAll(children.Select(child => child.GracefulStop(deadline))).ConfigureAwait(false);
        await _parts.DisposeAsync().ConfigureAwait(false);
        return new Closed(tell);
    }
}
