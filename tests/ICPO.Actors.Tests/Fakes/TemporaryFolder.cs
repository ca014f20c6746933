namespace ICPO.Actors.Tests;

/// <summary>A folder of the test's own that goes with it.</summary>
internal sealed class TemporaryFolder : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("icpo-actors-").FullName;

    public string In(string name) => System.IO.Path.Combine(Path, name);

    public string Folder(string name) => Directory.CreateDirectory(In(name)).FullName;

    public void Dispose() => Directory.Delete(Path, recursive: true);
}

/// <summary>A clock that moves when a test says so: as time goes by, or as somebody sets it.</summary>
internal sealed class ManualTime : TimeProvider
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
