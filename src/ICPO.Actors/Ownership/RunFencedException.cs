namespace ICPO.Actors.Ownership;

/// <summary>Another core owns the run now; this one has to end. What it acknowledged is in the journal.</summary>
/// <param name="message">Names the core that owns the run.</param>
/// <param name="epoch">The epoch of that core; null where no core owns the run.</param>
public sealed class RunFencedException(string message, long? epoch) : IOException(message)
{
    public long? Epoch { get; } = epoch;
}
