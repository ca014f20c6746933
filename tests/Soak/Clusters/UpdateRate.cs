namespace ICPO.Actors.Soak.Clusters;

/// <summary>Counts updates and the time that they took.</summary>
internal sealed class UpdateRate
{
    private (long Started, long Update)? _since;

    public double Seconds { get; private set; }

    public long Updates { get; private set; }

    public void Begin(long update) => _since = (TimeProvider.System.GetTimestamp(), update);

    /// <summary>Adds what has passed since the beginning; nothing where there was none.</summary>
    public void End(long update)
    {
        if (_since is var (started, first))
        {
            Seconds += TimeProvider.System.GetElapsedTime(started).TotalSeconds;
            Updates += update - first;
            _since = null;
        }
    }
}
