using ICPO.Actors.Contracts.Buffering;

namespace ICPO.Actors.Wire.Segments;

/// <summary>
/// The payloads of a journal: segment files (<see cref="SegmentLog"/>), or a table of the journal's server. An event that refers to a blob
/// is persisted after <see cref="FlushAsync"/>. One writer, any number of reading threads.
/// </summary>
public interface IPayloadStore : IPayloadReader, IDisposable
{
    /// <summary>A description of the repairs made when the store was opened; null if nothing was damaged.</summary>
    string? Note { get; }

    /// <summary>Appends a payload; blobs ascend by segment and offset. It may be lost until <see cref="FlushAsync"/> returns.</summary>
    /// <exception cref="IOException">The place cannot be written; names it.</exception>
    BlobRef Append(ReadOnlySpan<byte> payload);

    /// <summary>
    /// Returns when every payload appended so far survives the end of this process, and with <paramref name="durable"/> also a loss of
    /// power, if the storage honors a sync. The durability of a database is that of its commits.
    /// </summary>
    /// <exception cref="IOException">The place cannot be written, or another core owns the run; names it.</exception>
    ValueTask FlushAsync(bool durable, CancellationToken cancellationToken);

    /// <summary>Deletes blobs before <paramref name="oldest"/>, or all so far if null. Some of them may remain.</summary>
    /// <exception cref="IOException">They cannot be deleted, or another core owns the run; names it.</exception>
    ValueTask DeleteBeforeAsync(BlobRef? oldest, CancellationToken cancellationToken);
}
