using ICPO.Actors.Journaling;
using ICPO.Actors.Notes;
using ICPO.Actors.Ownership;

namespace ICPO.Actors.Runs;

/// <summary>Takes the ownership of a run whose journal is on a server.</summary>
internal static class RunTaking
{
    /// <summary>
    /// Takes the ownership of the run from its current owner, and stores lines of its directory that are missing on the server.
    /// </summary>
    /// <param name="run">The run.</param>
    /// <param name="retry">Waits for a server that does not respond.</param>
    /// <param name="failed">Called once if records of the run's directory can no longer be stored.</param>
    /// <param name="cancellationToken">Cancels waiting.</param>
    /// <exception cref="IOException">The run is new and its id is in use, or another core has taken over the run meanwhile.</exception>
    public static async Task<(RunOwnership Owner, RunNotes Notes)> TakeAsync(
        this RunContext run,
        OutageRetry retry,
        Action<Exception> failed,
        CancellationToken cancellationToken
    )
    {
        RunOwnership owner = await retry
            .RunAsync(_ => RunOwnership.TakeAsync(run.Database, run.Claim, cancellationToken), cancellationToken)
            .ConfigureAwait(false);
        try
        {
            return (owner, await RunNotes.OpenAsync(owner, run.Directory, retry, failed, cancellationToken).ConfigureAwait(false));
        }
        catch
        {
            await owner.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }
}
