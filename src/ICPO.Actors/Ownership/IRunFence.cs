namespace ICPO.Actors.Ownership;

/// <summary>The ownership of a run, where the journal's server decides who owns it.</summary>
public interface IRunFence
{
    /// <summary>The epoch of this core's ownership.</summary>
    long Epoch { get; }

    /// <summary>
    /// Deletes events that a snapshot replaces, but none that would let a core that was replaced write an event in its place: the first
    /// ones of every start stay, marked as deleted.
    /// </summary>
    /// <param name="persistenceId">Of the journal's events.</param>
    /// <param name="upTo">The last event that the snapshot covers.</param>
    /// <param name="cancellationToken">Cancels it.</param>
    /// <exception cref="RunFencedException">Another core owns the run.</exception>
    /// <exception cref="System.Data.Common.DbException">The server does not answer.</exception>
    Task DeleteEventsAsync(string persistenceId, long upTo, CancellationToken cancellationToken);
}
