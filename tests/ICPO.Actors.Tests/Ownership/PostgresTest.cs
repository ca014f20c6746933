using ICPO.Actors.Journaling;
using ICPO.Actors.RunFiles.Journal;

namespace ICPO.Actors.Tests.Ownership;

/// <summary>A server with a journal's tables for the tests of a class, which use runs of different names.</summary>
public sealed class JournalServer : IAsyncLifetime
{
    private PostgresServer? _server;

    public PostgresServer Server => _server ?? throw new InvalidOperationException("The server has not started.");

    internal JournalDatabase Database => new(true, Server.ConnectionString, "normal", TimeSpan.FromMinutes(1));

    public async ValueTask InitializeAsync()
    {
        if (PostgresServer.Missing is null)
        {
            _server = await PostgresServer.StartAsync();
            await JournalTables.ReachAsync(Database, (_, _) => { }, TimeProvider.System);
        }
    }

    public ValueTask DisposeAsync() => _server?.DisposeAsync() ?? ValueTask.CompletedTask;
}

/// <summary>Tests of what a core writes to a server, without a run.</summary>
public abstract class PostgresTest : IClassFixture<JournalServer>, IDisposable
{
    private readonly JournalServer _journal;

    protected PostgresTest(JournalServer journal)
    {
        Assert.SkipWhen(PostgresServer.Missing is not null, PostgresServer.Missing ?? "");
        _journal = journal;
    }

    protected PostgresServer Server => _journal.Server;

    private protected JournalDatabase Database => _journal.Database;

    protected TemporaryFolder Folder { get; } = new();

    public void Dispose()
    {
        Folder.Dispose();
        GC.SuppressFinalize(this);
    }
}
