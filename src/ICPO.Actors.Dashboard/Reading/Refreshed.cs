namespace ICPO.Actors.Dashboard.Reading;

/// <summary>
/// A value that is read from files and read again when they have changed, but not so often that reading takes a large share of the time.
/// Thread-safe; one thread reads at a time.
/// </summary>
/// <param name="time">The clock.</param>
/// <param name="stamp">The state of the files; it differs once they have changed.</param>
/// <param name="read">Reads the value.</param>
internal sealed class Refreshed<T>(TimeProvider time, Func<object> stamp, Func<T> read)
    where T : class
{
    /// <summary>Reading may take one part in so many of the time.</summary>
    private const int Share = 5;

    private static readonly TimeSpan MinInterval = TimeSpan.FromSeconds(1);
    private readonly Lock _lock = new();
    private T? _value;
    private object? _stamp;
    private long _readAt;
    private TimeSpan _duration;

    /// <summary>The value; exceptions of reading are passed on, and the next call tries again.</summary>
    public T Value
    {
        get
        {
            lock (_lock)
            {
                TimeSpan wait = Share * _duration > MinInterval ? Share * _duration : MinInterval;
                if (_value is { } current && time.GetElapsedTime(_readAt) < wait)
                {
                    return current;
                }

                object now = stamp();
                if (_value is { } kept && now.Equals(_stamp))
                {
                    return kept;
                }

                long started = time.GetTimestamp();
                T value = read();
                (_value, _stamp, _readAt) = (value, now, time.GetTimestamp());
                _duration = time.GetElapsedTime(started);
                return value;
            }
        }
    }
}
