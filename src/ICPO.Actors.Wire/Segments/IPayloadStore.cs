using ICPO.Actors.Contracts.Buffering;

namespace ICPO.Actors.Wire.Segments;

/// <summary>
/// Payloads beside a journal: segment files (<see cref="SegmentLog"/>), or a table of the journal's server. An event that refers to a blob
/// is persisted after <see cref="FlushAsync"/>. One writer, any number of reading threads.
/// </summary>
public interface IPayloadStore : IPayloadReader, IDisposable
{
    /// <summary>What opening the store repaired, as a sentence; null where nothing was damaged.</summary>
    string? Note { get; }

    /// <summary>Appends a payload; blobs ascend by segment and offset. It may be lost until <see cref="FlushAsync"/> returns.</summary>
    /// <exception cref="IOException">The place cannot be written; names it.</exception>
    BlobRef Append(ReadOnlySpan<byte> payload);

    /// <summary>
    /// Returns when every payload appended so far survives the end of this process, and with <paramref name="durable"/> a loss of power as
    /// far as the place honors a sync. A database always is as durable as its commits.
    /// </summary>
    /// <exception cref="IOException">The place cannot be written, or another core owns the run; names it.</exception>
    ValueTask FlushAsync(bool durable, CancellationToken cancellationToken);

    /// <summary>Deletes blobs before <paramref name="oldest"/>, or all so far if null. Some of them may stay.</summary>
    /// <exception cref="IOException">They cannot be deleted, or another core owns the run; names it.</exception>
    ValueTask DeleteBeforeAsync(BlobRef? oldest, CancellationToken cancellationToken);
}
