using ICPO.Actors.Progress;
using ICPO.Actors.Runs;

namespace ICPO.Actors.HealthChecks;

/// <summary>Remembers the newest progress of a run, and since when nothing has changed in it. Thread-safe.</summary>
internal sealed class FollowedRun(IIcpoRun run, TimeProvider time)
{
    private readonly Lock _gate = new();
    private RunProgress? _last;
    private long _changed = time.GetTimestamp();

    public string Directory => run.Directory;

    public RunState Read()
    {
        lock (_gate)
        {
            TimeSpan still = time.GetElapsedTime(_changed);
            Task completion = run.Completion;
            RunPhase phase = completion.IsFaulted ? RunPhase.Failed : _last?.Phase ?? RunPhase.Starting;
            if (completion.IsCompletedSuccessfully && phase is not (RunPhase.Completed or RunPhase.Stopped))
            {
                // It was stopped before anything reported progress.
                phase = RunPhase.Stopped;
            }

            return new RunState(run.Directory, phase, still)
            {
                Update = _last?.Update ?? 0,
                Updates = _last?.Updates ?? 0,
                Findings = _last?.Health ?? [],
                JournalAway = run.JournalAway,
                Error = completion.Exception?.InnerException?.Message,
            };
        }
    }

    /// <summary>Ends with the run.</summary>
    public async Task FollowAsync()
    {
        await foreach (RunProgress progress in run.ProgressAsync().ConfigureAwait(false))
        {
            lock (_gate)
            {
                bool isSame = _last is { } last && Key(last) == Key(progress);
                _changed = isSame ? _changed : time.GetTimestamp();
                _last = progress;
            }
        }
    }

    private static (RunPhase, long, long?) Key(RunProgress progress) => (progress.Phase, progress.Update, progress.AccuracyAt);
}
