using ICPO.Actors.Journaling;
using ICPO.Actors.RunFiles.Journal;

namespace ICPO.Actors.Tests.Ownership;

/// <summary>Tests of what a core writes to a server, without a run.</summary>
public abstract class PostgresTest : IAsyncLifetime
{
    private PostgresServer? _server;

    protected PostgresServer Server => _server ?? throw new InvalidOperationException("The server has not started.");

    private protected JournalDatabase Database => new(true, Server.ConnectionString, "normal", TimeSpan.FromMinutes(1));

    protected TemporaryFolder Folder { get; } = new();

    public async ValueTask InitializeAsync()
    {
        Assert.SkipWhen(PostgresServer.Missing is not null, PostgresServer.Missing ?? "");
        _server = await PostgresServer.StartAsync();
        await JournalTables.ReachAsync(Database, (_, _) => { }, TimeProvider.System);
    }

    public async ValueTask DisposeAsync()
    {
        if (_server is not null)
        {
            await _server.DisposeAsync();
        }

        Folder.Dispose();
        GC.SuppressFinalize(this);
    }
}
