namespace ICPO.Actors.Dispatching;

/// <summary>Notices that nothing advances. Pure: time is an argument.</summary>
/// <param name="limit">How long nothing may advance.</param>
internal sealed class StallWatch(TimeSpan limit)
{
    private TimeSpan _last;

    /// <summary>A rollout or a verdict has arrived, an engine has computed, a group is decided, an update is committed.</summary>
    public void Advanced(TimeSpan now) => _last = now;

    public TimeSpan Since(TimeSpan now) => now - _last;

    public bool IsStalled(TimeSpan now) => Since(now) >= limit;
}
