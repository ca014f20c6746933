namespace ICPO.Actors.Ownership;

/// <summary>Another core owns the run now; this one must end. Everything that it acknowledged is in the journal.</summary>
/// <param name="message">Names the core that owns the run.</param>
/// <param name="epoch">The epoch of that core; null if no core owns the run.</param>
public sealed class RunFencedException(string message, long? epoch) : IOException(message)
{
    public long? Epoch { get; } = epoch;

    /// <summary>True if an error is, or was caused by, this exception.</summary>
    public static bool IsCauseOf(Exception? error) => error is not null && (error is RunFencedException || IsCauseOf(error.InnerException));
}
