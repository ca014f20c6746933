namespace ICPO.Actors.Leasing;

/// <summary>
/// Decides when the load of workers is reported: when it has changed, but not so often that counting many workers takes time. Pure: time is
/// an argument.
/// </summary>
public sealed class LoadReports
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(10);
    private (int AtWork, int All) _last = (-1, -1);
    private TimeSpan _at = -Interval;

    /// <summary>The load to report; null if none is due.</summary>
    /// <param name="load">Counts the workers.</param>
    /// <param name="now">The time.</param>
    /// <param name="force">True to count in any case.</param>
    public (int AtWork, int All)? Next(Func<(int AtWork, int All)> load, TimeSpan now, bool force = false)
    {
        ArgumentNullException.ThrowIfNull(load);
        if (!force && now - _at < Interval)
        {
            return null;
        }

        (int AtWork, int All) counted = load();
        _at = now;
        if (counted == _last)
        {
            return null;
        }

        _last = counted;
        return counted;
    }
}
