using ICPO.Actors.Algorithm.Buffering;
using ICPO.Actors.Buffering;
using Microsoft.Data.Sqlite;

namespace ICPO.Actors.Tests.Buffering;

public sealed class RetentionTests
{
    private const int Updates = 30;

    [Fact]
    public void What_no_kept_checkpoint_needs_goes_and_what_one_needs_stays()
    {
        Train(keepsAll: false, "small");
        (int all, int every) = Train(keepsAll: true, "all");
        Assert.True(all > 4 * Updates, $"{all} events are left of all.");
        Assert.True(every > Updates, $"{every} segments are left of all.");
    }

    /// <summary>
    /// Trains with a checkpoint every fifth update and a restart every tenth; each restart must find what the updates since the older
    /// checkpoint need.
    /// </summary>
    private (int Events, int Segments) Train(bool keepsAll, string name)
    {
        using var folder = new TemporaryFolder();
        var settings = new BufferSettings(Durable: false, HardStalenessBound: null, SnapshotEvery: 7, KeepCheckpoints: 2)
        {
            KeepsAll = keepsAll,
            RunId = name,
        };
        long group = 0;
        for (int update = 0; update < Updates; )
        {
            using var buffer = new JournalledBuffer(folder, settings, segmentBytes: 300);
            Assert.Equal(update, buffer.Recovered.Committed.Value);
            int redone = 0;
            foreach (RecordedUpdate recorded in buffer.Recovered.Updates)
            {
                Assert.Equal(
                    Make.Text([Make.Group(2 * recorded.From.Value), Make.Group((2 * recorded.From.Value) + 1)]),
                    Make.Text(recorded.Load())
                );
                redone++;
            }

            Assert.Equal(update == 0 ? 0 : 7, redone);
            for (int end = update + 10; update < end; update++)
            {
                if (update == 0)
                {
                    buffer.Admit(Make.Group(group++), Make.Group(group++), Make.Group(group++));
                }
                else
                {
                    buffer.Admit(Make.Group(group++), Make.Group(group++));
                }

                buffer.Batch(update, 2);
                buffer.Committed(update + 1);
                if ((update + 1) % 5 == 3)
                {
                    buffer.Checkpoint(update + 1);
                }
            }
        }

        if (!keepsAll)
        {
            // What a stop left over before its snapshot was written goes with the next snapshot.
            using var last = new JournalledBuffer(folder, settings, segmentBytes: 300);
            last.Admit(Make.Group(group++), Make.Group(group));
            last.Batch(Updates, 2);
            last.Committed(Updates + 1);
            last.Checkpoint(Updates + 1);
            last.Eventually(
                () => Count(folder) < 60 && Segments(folder) < 30,
                () => $"{Count(folder)} events, {Segments(folder)} segments"
            );
        }

        return (Count(folder), Segments(folder));
    }

    private static int Segments(TemporaryFolder folder) => Directory.GetFiles(folder.In("payloads"), "*.segment").Length;

    private static int Count(TemporaryFolder folder)
    {
        using var open = new SqliteConnection(
            new SqliteConnectionStringBuilder { DataSource = folder.In("journal.db"), Pooling = false }.ToString()
        );
        open.Open();
        using SqliteCommand command = open.CreateCommand();
        command.CommandText = "SELECT count(*) FROM journal";
        return (int)(long)command.ExecuteScalar()!;
    }
}
