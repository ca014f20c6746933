namespace ICPO.Actors.Verification.Workers;

/// <summary>The threads of a pool and how their worker processes start.</summary>
public sealed partial class VerifierPool
{
    /// <summary>Called under the gate.</summary>
    private void StartLoop()
    {
        _working++;
        _loops.RemoveAll(loop => loop.IsCompleted);
        _loops.Add(Task.Factory.StartNew(Work, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default));
    }

    /// <summary>A worker's thread. An exception fails the cases that would wait for it.</summary>
    private void Work()
    {
        List<VerifierCase> batch = [];
        try
        {
            Work(batch);
        }
        catch (Exception error) when (!_disposed)
        {
            VerifierUnavailableException failure = Fail(
                $"The supervision of the workers of verifier {Name} failed: {error.Message}",
                error
            );
            batch.ForEach(one => one.Fail(failure));
            FailQueued(failure);
        }
        finally
        {
            EndLoop();
        }
    }

    /// <summary>Starts a thread for a case that arrived after a restart while this thread was still ending.</summary>
    private void EndLoop()
    {
        lock (_gate)
        {
            _working--;
            if (!_disposed && _failure is null && _working == 0 && _cases.Count > 0)
            {
                StartLoop();
            }
        }
    }

    /// <exception cref="VerifierUnavailableException">Three starts in a row failed, or the settings were refused.</exception>
    private WorkerProcess Start()
    {
        for (; ; )
        {
            if (_failure is { } known)
            {
                throw known;
            }

            WorkerProcess? begun = null;
            try
            {
                var process = WorkerProcess.Start(_settings, p =>
                {
                    _processes[begun = p] = true;
                    if (_disposed)
                    {
                        p.Kill();
                    }
                });
                Volatile.Write(ref _failedStarts, 0);
                return process;
            }
            catch (Exception e) when (e is IOException or ArgumentException)
            {
                _ = begun is not null && _processes.TryRemove(begun, out _);
                if (e is IOException && !_disposed && Interlocked.Increment(ref _failedStarts) < MaxFailedStarts)
                {
                    continue;
                }

                throw Fail(
                    $"The worker process of verifier {Name} ({_settings.Executable.FileName} {VerifierWorker.Command}) does not start, "
                        + $"tried {MaxFailedStarts} times: {e.Message}. "
                        + "Fix the cause, or set verification.isolation = thread to verify without worker processes.",
                    e
                );
            }
        }
    }

    private VerifierUnavailableException Fail(string message, Exception cause)
    {
        lock (_gate)
        {
            return _failure ??= new(message, cause);
        }
    }

    private void Retire(WorkerProcess process)
    {
        _processes.TryRemove(process, out _);
        process.Dispose();
    }
}
