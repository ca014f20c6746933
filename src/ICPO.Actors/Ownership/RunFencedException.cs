namespace ICPO.Actors.Ownership;

/// <summary>Another core owns the run now; this one has to end. What it acknowledged is in the journal.</summary>
/// <param name="message">Names the core that owns the run.</param>
/// <param name="epoch">The epoch of that core; null where no core owns the run.</param>
public sealed class RunFencedException(string message, long? epoch) : IOException(message)
{
    public long? Epoch { get; } = epoch;

    /// <summary>True where an error is this one, or was caused by it.</summary>
    public static bool IsCauseOf(Exception? error) => error is not null && (error is RunFencedException || IsCauseOf(error.InnerException));
}
