using ICPO.Actors.Contracts.Buffering;
using ICPO.Actors.Journaling;
using ICPO.Actors.Ownership;
using ICPO.Actors.RunFiles.Journal;
using ICPO.Actors.Wire.Segments;

namespace ICPO.Actors.Payloads;

/// <summary>
/// Payloads in the table <c>payload</c> of the journal's server. They are sent when they are flushed, many rows in one statement, which
/// affects nothing once another core owns the run. A segment is an epoch, so two cores never append at the same position.
/// </summary>
internal sealed class DatabasePayloads(RunOwnership owner, OutageRetry retry) : IPayloadStore
{
    /// <summary>Maximum bytes of payload in a statement, unless it contains a single payload.</summary>
    private const int MaxStatement = 8 << 20;

    private readonly PayloadTable _table = new(owner.Database, owner.RunId, owner.CreateConnection);
    private readonly CancellationTokenSource _ended = new();
    private readonly int _segment = checked((int)owner.Epoch);
    private readonly Queue<(BlobRef Blob, byte[] Payload)> _queue = new();
    private long _next;

    public string? Note => null;

    public BlobRef Append(ReadOnlySpan<byte> payload)
    {
        BlobRef blob = StoredBlob.Refer(_segment, _next, payload);
        _queue.Enqueue((blob, payload.ToArray()));

        // At least one, so that empty payloads have distinct positions.
        _next += Math.Max(1, payload.Length);
        return blob;
    }

    public async ValueTask FlushAsync(bool durable, CancellationToken cancellationToken)
    {
        while (_queue.Count > 0)
        {
            (long[] starts, byte[][] payloads) = TakeStatement();
            await retry
                .RunAsync(
                    async _ =>
                    {
                        await owner.ExecuteAsync(OwnerSql.Append, [_segment, starts, payloads], cancellationToken).ConfigureAwait(false);
                        return 0;
                    },
                    cancellationToken
                )
                .ConfigureAwait(false);
        }
    }

    public byte[] Read(BlobRef blob) => retry.Run(() => _table.Read(blob), _ended.Token);

    public bool Holds(BlobRef blob) => retry.Run(() => _table.Holds(blob), _ended.Token);

    public async ValueTask DeleteBeforeAsync(BlobRef? oldest, CancellationToken cancellationToken)
    {
        (int segment, long start) = oldest is { } needed ? (needed.Segment, needed.Offset) : (_segment, _next);
        await owner.ExecuteAsync(OwnerSql.DeleteBefore, [segment, start], cancellationToken).ConfigureAwait(false);
    }

    public void Dispose() => _ended.Cancel();

    private (long[] Starts, byte[][] Payloads) TakeStatement()
    {
        (List<long> starts, List<byte[]> payloads, long bytes) = ([], [], 0);
        while (_queue.TryPeek(out (BlobRef Blob, byte[] Payload) next) && (bytes == 0 || bytes + next.Payload.Length <= MaxStatement))
        {
            _queue.Dequeue();
            starts.Add(next.Blob.Offset);
            payloads.Add(next.Payload);
            bytes += Math.Max(1, next.Payload.Length);
        }

        return ([.. starts], [.. payloads]);
    }
}
