namespace ICPO.Actors.Ownership;

/// <summary>The ownership of a run whose owner is determined by the journal's server.</summary>
public interface IRunFence
{
    /// <summary>The epoch of this core's ownership.</summary>
    long Epoch { get; }

    /// <summary>
    /// Deletes events that a snapshot replaces, except those whose sequence number a replaced core could then use again: the first ones of
    /// every start are kept, marked as deleted.
    /// </summary>
    /// <param name="persistenceId">The persistence id of the journal's events.</param>
    /// <param name="upTo">The last event that the snapshot covers.</param>
    /// <param name="cancellationToken">Cancels the deletion.</param>
    /// <exception cref="RunFencedException">Another core owns the run.</exception>
    /// <exception cref="System.Data.Common.DbException">The server does not respond.</exception>
    Task DeleteEventsAsync(string persistenceId, long upTo, CancellationToken cancellationToken);
}
