using ICPO.Actors.Buffering;
using ICPO.Actors.Tests.Buffering;

namespace ICPO.Actors.Tests.Journals;

/// <summary>Commits of which the client cannot know whether the server has made them.</summary>
public sealed class InDoubtCommitTests : IAsyncLifetime
{
    private readonly TemporaryFolder _folder = new();
    private PostgresServer? _server;

    public async ValueTask InitializeAsync()
    {
        Assert.SkipWhen(PostgresServer.Missing is not null, PostgresServer.Missing ?? "");
        _server = await PostgresServer.StartAsync();
    }

    public async ValueTask DisposeAsync()
    {
        if (_server is not null)
        {
            await _server.DisposeAsync();
        }

        _folder.Dispose();
    }

    /// <summary>The repeated write is refused as a duplicate then.</summary>
    [Fact]
    public async Task A_commit_that_the_server_makes_only_after_it_was_looked_for_is_not_made_again()
    {
        using var proxy = new LossyProxy(_server!.Port);
        using var buffer = new JournalledBuffer(
            _folder,
            new BufferSettings(Durable: false, HardStalenessBound: null, SnapshotEvery: 100),
            connection: PostgresServer.Through(proxy.Port)
        );
        for (int id = 0; id < 3; id++)
        {
            proxy.HoldNextCommit();
            buffer.Admit(Make.Group(id));
            Assert.Equal(id + 1, proxy.Held);
        }

        Assert.Equal(["1", "2", "3", "4"], await _server.QueryAsync("select sequence_number from journal order by ordering"));
    }
}
