namespace ICPO.Actors.Tasks.Processes;

/// <summary>The threads of a pool and how their processes start.</summary>
internal sealed partial class ProcessPool
{
    /// <summary>Exits without an answer that are tolerated once a process has answered, as a multiple of the limit before.</summary>
    private const int ExitsAfterAnswers = 4;

    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(20);

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
                $"The supervision of the processes of verifier {settings.Name} failed: {error.Message}",
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
    private IJudgeProcess Start()
    {
        for (; ; )
        {
            if (_failure is { } known)
            {
                throw known;
            }

            IJudgeProcess? begun = null;
            try
            {
                IJudgeProcess process = settings.Start(p =>
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

                throw Fail(settings.Unavailable($"it does not start, tried {MaxFailedStarts} times: {e.Message}"), e);
            }
        }
    }

    /// <summary>
    /// A process has exited before its first answer. The next one starts after a pause that grows; after too many in a row the pool is
    /// unavailable.
    /// </summary>
    private void CountExit(BatchEnd end)
    {
        if (settings.MaxExits is not { } max)
        {
            return;
        }

        int exits = Interlocked.Increment(ref _exits);
        if (exits >= max * (_hasAnswered ? ExitsAfterAnswers : 1))
        {
            Fail(settings.Unavailable($"{exits} processes in a row exited without an answer; the last: {end.ExitReason}"), cause: null);
            return;
        }

        _ending.Wait(FirstPause * (1 << Math.Min(exits, 8)));
    }

    private VerifierUnavailableException Fail(string message, Exception? cause)
    {
        lock (_gate)
        {
            return _failure ??= new(message, cause);
        }
    }

    private void Retire(IJudgeProcess process)
    {
        _processes.TryRemove(process, out _);
        process.Dispose();
    }
}
