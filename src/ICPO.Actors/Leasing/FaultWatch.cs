namespace ICPO.Actors.Leasing;

/// <summary>Detects that no worker of a kind has worked for too long, or ever. Pure: time is an argument.</summary>
/// <param name="kind">Their kind, for messages.</param>
/// <param name="limit">The maximum time without a working one.</param>
internal sealed class FaultWatch(string kind, TimeSpan limit)
{
    /// <summary>If no worker has ever worked, this many faults of each end the run, since a recovery is unlikely.</summary>
    private const int Hopeless = 5;

    private readonly SortedDictionary<string, (int Count, string Reason)> _workers = new(StringComparer.Ordinal);
    private TimeSpan? _since;
    private bool _worked;

    /// <summary>A worker is there.</summary>
    public void Seen(string worker) => _workers.TryAdd(worker, (0, ""));

    /// <summary>A worker has ended. Its faults stay: it may be started again.</summary>
    public void Gone(string? worker)
    {
        if (worker is not null && _workers.TryGetValue(worker, out (int Count, string) known) && known.Count == 0)
        {
            _workers.Remove(worker);
        }
    }

    public void Failed(string worker, string reason, TimeSpan now)
    {
        _workers[worker] = (_workers.GetValueOrDefault(worker).Count + 1, reason);
        _since ??= now;
    }

    /// <summary>One of them has done something.</summary>
    public void Worked()
    {
        _worked = true;
        if (_since is null)
        {
            return;
        }

        _since = null;
        foreach (string worker in _workers.Keys.ToArray())
        {
            _workers[worker] = (0, "");
        }
    }

    /// <summary>Nothing is wanted of them, so that none can show that it works.</summary>
    public void Pause(TimeSpan now) => _since = _since is null ? null : now;

    /// <summary>The reason why the run cannot continue without them; null if it can.</summary>
    /// <param name="now">The time.</param>
    /// <param name="atWork">One of them works on something and has not failed since it worked last.</param>
    public string? Problem(TimeSpan now, bool atWork)
    {
        if (_since is not { } since || atWork)
        {
            return null;
        }

        if (!_worked && _workers.Values.All(worker => worker.Count >= Hopeless))
        {
            return $"No {kind} has ever worked since the start: {Faults}";
        }

        return now - since >= limit
            ? $"No {kind} has been able to work for {(now - since).TotalSeconds:0} s: {Faults}. Fix the cause, or raise "
                + "admission.fault-timeout; committed updates are kept."
            : null;
    }

    private string Faults =>
        string.Join(
            "; ",
            _workers
                .Where(worker => worker.Value.Count > 0)
                .Select(worker => $"{worker.Key} failed {worker.Value.Count} times: {worker.Value.Reason}")
        );
}
