using ICPO.Actors.Runs;
using ICPO.Actors.Tests.Fakes;

namespace ICPO.Actors.Tests.Journals;

/// <summary>Tests of runs whose journal is on a real server of their own.</summary>
public abstract class PostgresRunTest : RunTest, IAsyncLifetime
{
    private PostgresServer? _server;

    /// <summary>The server that a test started.</summary>
    protected PostgresServer Server => _server ?? throw new InvalidOperationException("The server has not started.");

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

        Dispose();
        GC.SuppressFinalize(this);
    }

    /// <summary>η = 0, six updates.</summary>
    protected static KeyValuePair<string, string>[] Settings(params (string Key, string Value)[] settings) =>
        [
            new("run.updates", "6"),
            new("admission.max-staleness", "0"),
            new("checkpoint.every", "2"),
            .. settings.Select(setting => new KeyValuePair<string, string>(setting.Key, setting.Value)),
        ];

    protected Task<IIcpoRun> StartAsync(string name, params (string Key, string Value)[] settings) =>
        StartAsync(name, new HashBackend(), settings);

    protected Task<IIcpoRun> StartAsync(string name, HashBackend backend, params (string Key, string Value)[] settings) =>
        StartAsync(name, Settings(settings), backend);

    /// <summary>Resumes the run in the directory "run".</summary>
    protected Task<IIcpoRun> ResumeAsync(params (string Key, string Value)[] settings) => ResumeAsync("run", Settings(settings));
}
