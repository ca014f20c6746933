using ICPO.Actors.Algorithm.Buffering;
using ICPO.Actors.Buffering;
using ICPO.Actors.Contracts.Identity;
using ICPO.Actors.RunFiles.Journal;
using Microsoft.Data.Sqlite;

namespace ICPO.Actors.Tests.Buffering;

/// <summary>Reading the buffer's state beside the buffer that writes it.</summary>
public sealed class BufferReaderTests : IDisposable
{
    private static readonly BufferSettings Settings = new(Durable: false, HardStalenessBound: null, SnapshotEvery: 5) { RunId = "read" };
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task The_state_is_read_and_nothing_is_written()
    {
        using var buffer = new JournalledBuffer(_folder, Settings);
        buffer.Admit(Enumerable.Range(0, 7).Select(id => Make.Group(id)));
        buffer.Batch(0, 2);
        buffer.Committed(1);
        (long events, long snapshots) = (Count("journal"), Count("snapshot"));

        BufferState read = await BufferReader.ReadAsync(Database, Settings.RunId, TestContext.Current.CancellationToken);

        Assert.Equal(1, read.Committed.Value);
        Assert.Equal(buffer.Recovered.Epoch, read.Epoch);
        Assert.NotNull(read.FindPending(new GroupId(6)));
        Assert.Null(read.FindPending(new GroupId(0)));
        Assert.Equal((events, snapshots), (Count("journal"), Count("snapshot")));

        // Reading does not affect the buffer.
        buffer.Batch(1, 2);
        buffer.Committed(2);
    }

    [Fact]
    public async Task A_journal_that_cannot_be_read_is_named()
    {
        using (var buffer = new JournalledBuffer(_folder, Settings))
        {
            buffer.Admit(Make.Group(0));
        }

        Execute("UPDATE journal SET message = x'ff'");
        IOException error = await Assert.ThrowsAsync<IOException>(() =>
            BufferReader.ReadAsync(Database, Settings.RunId, TestContext.Current.CancellationToken)
        );
        Assert.NotNull(error.InnerException);
    }

    private string Connection => new SqliteConnectionStringBuilder { DataSource = _folder.In("journal.db"), Pooling = false }.ToString();

    private JournalDatabase Database => new(false, Connection, "normal", TimeSpan.FromMinutes(1));

    private long Count(string table) => Execute($"SELECT count(*) FROM {table}");

    private long Execute(string sql)
    {
        using var connection = new SqliteConnection(Connection);
        connection.Open();
        using SqliteCommand command = connection.CreateCommand();
#pragma warning disable CA2100 // The text is the test's.
        command.CommandText = sql;
#pragma warning restore CA2100
        return command.ExecuteScalar() is long value ? value : 0;
    }
}
