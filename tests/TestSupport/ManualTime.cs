namespace TestSupport;

/// <summary>A clock under the control of a test.</summary>
public sealed class ManualTime : TimeProvider
{
    private TimeSpan _elapsed;
    private DateTimeOffset _now = DateTimeOffset.UnixEpoch;

    public override DateTimeOffset GetUtcNow() => _now;

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override long GetTimestamp() => _elapsed.Ticks;

    /// <summary>Advances both the wall clock and the timestamps.</summary>
    public void Advance(TimeSpan by) => (_now, _elapsed) = (_now + by, _elapsed + by);

    /// <summary>Sets the wall clock only.</summary>
    public void Jump(TimeSpan by) => _now += by;
}
