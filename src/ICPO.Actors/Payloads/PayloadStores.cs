using ICPO.Actors.Configuration.Settings;
using ICPO.Actors.Journaling;
using ICPO.Actors.Ownership;
using ICPO.Actors.RunFiles.Directories;
using ICPO.Actors.Wire.Segments;

namespace ICPO.Actors.Payloads;

/// <summary>Opens the payloads of a run that this process owns.</summary>
internal static class PayloadStores
{
    private const long KeptSegment = 64 << 20,
        DeletedSegment = 8 << 20;

    /// <param name="directory">The run's directory.</param>
    /// <param name="journal">The settings of the journal.</param>
    /// <param name="owner">The ownership of the run; null if the journal is a file.</param>
    /// <param name="retry">Waits for a server that does not respond.</param>
    /// <exception cref="IOException">The directory cannot be written, or another writer has it open.</exception>
    public static IPayloadStore Open(RunDirectory directory, JournalSettings journal, RunOwnership? owner, OutageRetry retry) =>
        journal.PayloadsInDatabase && owner is not null
            ? new DatabasePayloads(owner, retry)
            : new SegmentLog(directory.Payloads, journal.KeepsAll ? KeptSegment : DeletedSegment);
}
