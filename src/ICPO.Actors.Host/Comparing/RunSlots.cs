namespace ICPO.Actors.Host.Comparing;

/// <summary>Bounds concurrent runs by number and by the sum of their estimated memory. A run that is alone may always start.</summary>
/// <param name="count">Concurrent runs, at least 1.</param>
/// <param name="memory">Bytes that all runs together may need.</param>
internal sealed class RunSlots(int count, long memory)
{
    private int _running;
    private long _used;

    /// <param name="need">Estimated bytes of the run; 0 if nothing is known.</param>
    /// <returns>False if the run has to wait for another one.</returns>
    public bool TryTake(long need)
    {
        bool fits = _running == 0 || (_running < count && need <= memory - _used);
        (_running, _used) = fits ? (_running + 1, _used + need) : (_running, _used);
        return fits;
    }

    /// <param name="need">As it was taken.</param>
    public void Release(long need) => (_running, _used) = (_running - 1, _used - need);

    /// <summary>Concurrent runs of which each has as many cores as threads; at least 1.</summary>
    /// <param name="cores">The machine's.</param>
    /// <param name="threads">Of the learner and of all engines of a run.</param>
    public static int ByCores(int cores, (int Learner, int Engines) threads) =>
        Math.Max(1, cores / Math.Max(1, Math.Max(threads.Learner, threads.Engines)));
}
