namespace ICPO.Actors.Metrics;

/// <summary>The run's own time: wall time of all its starts together.</summary>
public sealed class RunClock(TimeProvider time, TimeSpan before)
{
    private readonly long _start = time.GetTimestamp();

    public TimeSpan Elapsed => before + time.GetElapsedTime(_start);
}

/// <summary>Tokens per second since the last reading.</summary>
public sealed class Throughput(RunClock clock)
{
    private TimeSpan _since = clock.Elapsed;
    private long _tokens;

    public void Add(long tokens) => _tokens += tokens;

    /// <summary>Starts a new interval.</summary>
    public void Restart() => (_since, _tokens) = (clock.Elapsed, 0);

    /// <summary>The rate of the interval; starts the next one.</summary>
    public double Take()
    {
        double seconds = (clock.Elapsed - _since).TotalSeconds;
        double rate = seconds > 0 ? _tokens / seconds : 0;
        Restart();
        return rate;
    }
}
