using ICPO.Actors.Contracts.Buffering;

namespace ICPO.Actors.Wire.Segments;

/// <summary>Segment files as the payloads of a journal.</summary>
public sealed partial class SegmentLog : IPayloadStore
{
    string? IPayloadStore.Note => Tail?.ToString();

    ValueTask IPayloadStore.FlushAsync(bool durable, CancellationToken cancellationToken)
    {
        if (durable)
        {
            Flush();
        }

        return ValueTask.CompletedTask;
    }

    ValueTask IPayloadStore.DeleteBeforeAsync(BlobRef? oldest, CancellationToken cancellationToken)
    {
        DeleteSegmentsBefore(oldest?.Segment ?? ActiveSegment);
        return ValueTask.CompletedTask;
    }

    bool IPayloadReader.Holds(BlobRef blob) => Holds(_directory, blob);
}
