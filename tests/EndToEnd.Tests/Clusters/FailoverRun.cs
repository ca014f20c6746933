using EndToEnd.Tests.Faults;

namespace EndToEnd.Tests.Clusters;

/// <summary>A run of two learners, "first", which has started it, and "second", whose journal is on a server.</summary>
internal sealed class FailoverRun : IAsyncDisposable
{
    public const string Working = "the node is ready";
    private const string FirstName = "first";
    private const string SecondName = "second";
    private readonly TemporaryFolder _folder = new();
    private readonly FailoverCluster _cluster;

    private FailoverRun(PostgresServer server, int updates)
    {
        Server = server;
        _cluster = new FailoverCluster(server.Uri, _folder.Path, new SmallRun(Staleness: 4, updates));
    }

    public PostgresServer Server { get; }

    /// <summary>The first learner, as it was started last.</summary>
    public LineProcess First { get; private set; } = null!;

    /// <summary>The second learner, as it was started last.</summary>
    public LineProcess Second { get; private set; } = null!;

    /// <summary>Starts the first learner, and waits until nodes can join. Skips the test where that cannot be done here.</summary>
    /// <param name="updates">T; the run has to go on until the test has done what it does.</param>
    public static async Task<FailoverRun> StartAsync(int updates = 40)
    {
        LongTests.Require();
        Assert.SkipUnless(PostgresServer.Missing is null, PostgresServer.Missing ?? "");
        var run = new FailoverRun(await PostgresServer.StartAsync(), updates);
        run.First = await run._cluster.StartFirstAsync(FirstName);
        return run;
    }

    public LineProcess StartNode(string name) => _cluster.StartNode(name);

    /// <summary>Starts the second learner, and waits until it stands by.</summary>
    public async Task StandByAsync(params string[] options) => Second = await _cluster.StartStandbyAsync(SecondName, options);

    /// <summary>Waits until the second learner holds a checkpoint.</summary>
    public Task ReadyAsync() => _cluster.ReadyAsync(FirstName);

    /// <summary>Starts the first learner again in its directory.</summary>
    /// <param name="line">What to wait for.</param>
    public Task ResumeFirstAsync(string line)
    {
        First = _cluster.Resume(FirstName);
        return First.WaitForAsync(line);
    }

    /// <summary>Processes that start from now on join the first learner.</summary>
    public void JoinFirst() => _cluster.JoinAt(FirstName);

    /// <summary>Processes that start from now on join the second learner.</summary>
    public void JoinSecond() => _cluster.JoinAt(SecondName);

    /// <summary>The run has ended where the first learner has worked, without loss.</summary>
    public void ExpectWholeAtFirst(int starts) => ExpectWhole(FirstName, starts);

    /// <summary>The run has ended where the second learner has worked, without loss.</summary>
    public void ExpectWholeAtSecond(int starts) => ExpectWhole(SecondName, starts);

    public async ValueTask DisposeAsync()
    {
        await _cluster.DisposeAsync();
        await Server.DisposeAsync();
        _folder.Dispose();
    }

    private void ExpectWhole(string learner, int starts) =>
        Assert.Equal(starts, KilledRuns.ExpectWhole(_cluster.DirectoryOf(learner), _cluster.Run).Starts);
}
