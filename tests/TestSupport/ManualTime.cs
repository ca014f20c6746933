namespace TestSupport;

/// <summary>A clock that moves when a test says so: as time goes by, or as somebody sets it.</summary>
public sealed class ManualTime : TimeProvider
{
    private TimeSpan _elapsed;
    private DateTimeOffset _now = DateTimeOffset.UnixEpoch;

    public override DateTimeOffset GetUtcNow() => _now;

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override long GetTimestamp() => _elapsed.Ticks;

    /// <summary>Time goes by.</summary>
    public void Advance(TimeSpan by) => (_now, _elapsed) = (_now + by, _elapsed + by);

    /// <summary>Somebody sets the clock.</summary>
    public void Jump(TimeSpan by) => _now += by;
}
