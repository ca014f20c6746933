using ICPO.Actors.RunEvents;

namespace ICPO.Actors.Metrics;

/// <summary>The share of time that workers of each kind had something to do since the last reading. Pure: time is an argument.</summary>
public sealed class BusyShares
{
    private readonly SortedDictionary<string, Kind> _kinds = new(StringComparer.Ordinal);
    private TimeSpan _since;

    /// <summary>Notes how many workers of a kind are at work from now on.</summary>
    public void Observe(WorkersAtWork observed, TimeSpan now)
    {
        ArgumentNullException.ThrowIfNull(observed);
        Kind before = _kinds.GetValueOrDefault(observed.Kind, new Kind(0, 0, now, 0));
        double share = observed.All > 0 ? (double)observed.AtWork / observed.All : 0;
        _kinds[observed.Kind] = before.Until(now) with { Share = share, Workers = observed.All };
    }

    /// <summary>Starts a new interval.</summary>
    public void Restart(TimeSpan now)
    {
        _since = now;
        foreach (string kind in _kinds.Keys.ToArray())
        {
            _kinds[kind] = _kinds[kind] with { Busy = 0, Since = now };
        }
    }

    /// <summary>The shares of the interval, of kinds that have workers; starts the next one.</summary>
    public IReadOnlyList<KeyValuePair<string, double>> Take(TimeSpan now)
    {
        double seconds = (now - _since).TotalSeconds;
        List<KeyValuePair<string, double>> shares = [];
        foreach ((string name, Kind kind) in _kinds)
        {
            if (seconds > 0 && kind.Workers > 0)
            {
                shares.Add(new(name, Math.Min(1, kind.Until(now).Busy / seconds)));
            }
        }

        Restart(now);
        return shares;
    }

    /// <param name="Share">Workers at work since <paramref name="Since"/>, of all.</param>
    /// <param name="Workers">All workers.</param>
    /// <param name="Since">Until when <paramref name="Busy"/> counts.</param>
    /// <param name="Busy">Seconds of the interval, times the share.</param>
    private readonly record struct Kind(double Share, int Workers, TimeSpan Since, double Busy)
    {
        public Kind Until(TimeSpan now) => this with { Busy = Busy + (Share * (now - Since).TotalSeconds), Since = now };
    }
}
