using ICPO.Actors.Contracts.Buffering;
using ICPO.Actors.Journaling;
using ICPO.Actors.Ownership;
using ICPO.Actors.Payloads;
using ICPO.Actors.RunFiles.Journal;
using ICPO.Actors.Wire.Segments;
using Npgsql;

namespace ICPO.Actors.Tests.Ownership;

/// <summary>Payloads in a table of the journal's server.</summary>
public sealed class DatabasePayloadsTests(JournalServer journal) : PostgresTest(journal)
{
    /// <summary>Each test has a run of its own.</summary>
    private readonly string _run = $"{Guid.NewGuid():n}";

    private static OutageRetry Retry => new("server", TimeSpan.FromMinutes(1), (_, _) => { }, TimeProvider.System);

    [Fact]
    public async Task Whatever_is_flushed_is_read_by_later_cores_until_it_is_deleted()
    {
        int run = 0;
        Gen<byte[][][]> starts = Gen.Byte.Array[0, 40].Array[0, 6].Array[1, 4];
        await starts.SampleAsync(
            async payloads =>
            {
                string id = $"run{Interlocked.Increment(ref run)}";
                List<(BlobRef Blob, byte[] Payload)> stored = [];
                foreach (byte[][] start in payloads)
                {
                    await using RunOwnership owner = await RunOwnership.TakeAsync(Database, new OwnerClaim(id, "x", IsNew: false), default);
                    using var store = new DatabasePayloads(owner, Retry);
                    stored.AddRange(start.Select(payload => (store.Append(payload), payload)));
                    Assert.All(stored, entry => Assert.Equal(entry.Blob.Segment == owner.Epoch, !store.Holds(entry.Blob)));
                    await store.FlushAsync(durable: true, default);
                    Assert.All(stored, entry => Assert.Equal(entry.Payload, store.Read(entry.Blob)));
                    int gone = stored.Count / 3;
                    await store.DeleteBeforeAsync(gone < stored.Count ? stored[gone].Blob : null, default);
                    Assert.All(stored[..gone], entry => Assert.False(store.Holds(entry.Blob)));
                    stored.RemoveRange(0, gone);
                    Assert.All(stored, entry => Assert.Equal(entry.Payload, store.Read(entry.Blob)));
                }

                Assert.Equal(stored.Select(entry => entry.Blob).Distinct().Count(), stored.Count);
            },
            iter: 30,
            threads: 1
        );
    }

    [Fact]
    public async Task Nothing_is_appended_or_deleted_once_another_core_has_taken_the_run()
    {
        await using RunOwnership old = await TakeAsync();
        using var store = new DatabasePayloads(old, Retry);
        BlobRef first = store.Append([1, 2, 3]);
        await store.FlushAsync(durable: false, default);
        BlobRef second = store.Append([4]);
        await using RunOwnership @new = await TakeAsync();
        await Assert.ThrowsAsync<RunFencedException>(async () => await store.FlushAsync(durable: false, default));
        await Assert.ThrowsAsync<RunFencedException>(async () => await store.DeleteBeforeAsync(null, default));
        using var next = new DatabasePayloads(@new, Retry);
        Assert.Equal([1, 2, 3], next.Read(first));
        Assert.False(next.Holds(second));
    }

    [Fact]
    public async Task A_server_that_is_killed_while_payloads_are_sent_gets_each_of_them_once()
    {
        await using RunOwnership owner = await TakeAsync();
        using var store = new DatabasePayloads(owner, Retry);
        List<BlobRef> blobs = [];
        for (int round = 0; round < 3; round++)
        {
            // More than one statement, so that the server is likely killed between or in them.
            blobs.AddRange(Enumerable.Range(0, 12).Select(number => store.Append(new byte[(1 << 20) + number])));
            Task flushed = store.FlushAsync(durable: false, default).AsTask();
            await Server.KillAsync();
            await Server.UpAsync();
            await flushed;
        }

        Assert.All(blobs, blob => Assert.Equal(blob.Length, store.Read(blob).Length));
        Assert.Equal([$"{blobs.Count}"], await Server.QueryAsync($"select count(*) from payload where run_id = '{_run}'"));
    }

    [Fact]
    public async Task A_payload_that_is_missing_or_damaged_is_named()
    {
        await using RunOwnership owner = await TakeAsync();
        using var store = new DatabasePayloads(owner, Retry);
        BlobRef damaged = store.Append([1, 2, 3]);
        BlobRef missing = store.Append([4]);
        await store.FlushAsync(durable: false, default);
        await Server.QueryAsync($"update payload set data = '\\x010204' where run_id = '{_run}' and start = {damaged.Offset}");
        await Server.QueryAsync($"delete from payload where run_id = '{_run}' and start = {missing.Offset}");
        IPayloadReader reader = new PayloadTable(Database, _run, () => new NpgsqlConnection(Server.ConnectionString));
        foreach (BlobRef blob in new[] { damaged, missing })
        {
            Assert.Contains(blob.ToString(), Assert.Throws<InvalidDataException>(() => store.Read(blob)).Message, StringComparison.Ordinal);
            Assert.Throws<InvalidDataException>(() => reader.Read(blob));
        }
    }

    private Task<RunOwnership> TakeAsync() => RunOwnership.TakeAsync(Database, new OwnerClaim(_run, "x", IsNew: false), default);
}
