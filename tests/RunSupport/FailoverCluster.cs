using ICPO.Actors.Cluster.Client;

namespace RunSupport;

/// <summary>The processes of a small run whose journal is on a server, so that one learner can take over from another.</summary>
/// <param name="journal">The server, as journal.connection-string.</param>
/// <param name="folder">Where the learners have their directories.</param>
/// <param name="run">What the run does.</param>
public sealed class FailoverCluster(string journal, string folder, SmallRun run) : IAsyncDisposable
{
    private static readonly TimeSpan Deadline = TimeSpan.FromMinutes(2);
    private readonly List<LineProcess> _all = [];

    public SmallRun Run => run;

    /// <summary>The address that processes join which start from now on.</summary>
    public string Seed { get; set; } = "";

    /// <summary>The directory of the run at a learner.</summary>
    public string DirectoryOf(string learner) => Path.Combine(folder, learner);

    /// <summary>Starts the run, and waits until nodes can join.</summary>
    public async Task<LineProcess> StartFirstAsync(string name, params string[] options)
    {
        string file = Path.Combine(folder, "run.conf");
        await File.WriteAllTextAsync(file, "");
        string[] where = ["--set", $"run.directory={DirectoryOf(name)}", "--set", $"journal.connection-string={journal}"];
        LineProcess learner = Learner(name, ["--run", file, .. where, .. run.Settings, .. options]);
        await learner.WaitForAsync("Nodes join with");
        JoinAt(name);
        return learner;
    }

    /// <summary>Processes that start from now on join the core that runs in a learner's directory.</summary>
    public void JoinAt(string learner) => Seed = ClusterAddress.Read(DirectoryOf(learner)).Seed;

    /// <summary>Starts a learner that stands by, and waits until it does.</summary>
    public async Task<LineProcess> StartStandbyAsync(string name, params string[] options)
    {
        LineProcess standby = StandBy(name, options);
        await standby.WaitForAsync("standing by");
        return standby;
    }

    /// <summary>Starts a learner that stands by.</summary>
    public LineProcess StandBy(string name, params string[] options) =>
        Learner(name, ["--seed", Seed, "--set", $"run.directory={DirectoryOf(name)}", .. options]);

    /// <summary>Starts a learner again in its directory.</summary>
    public LineProcess Resume(string name, params string[] options) => Learner(name, ["--resume", DirectoryOf(name), .. options]);

    /// <summary>Starts a node, which joins the core or a standby.</summary>
    public LineProcess StartNode(string name, params string[] options) =>
        Keep(
            LineProcess.Start([
                "node",
                "--seed",
                Seed,
                "--set",
                $"cluster.name={name}",
                "--set",
                $"cluster.directory={Path.Combine(folder, name)}",
                "--set",
                "engine.count=1",
                "--set",
                "cluster.orphan-timeout=30s",
                .. options,
            ])
        );

    /// <summary>The state as the core in a learner's directory reports it.</summary>
    public async Task<ClusterStatus> StatusAsync(string learner)
    {
        using var client = new ClusterClient(ClusterAddress.Read(DirectoryOf(learner)).Files, null);
        return await client.StatusAsync();
    }

    /// <summary>Waits until a standby of the core in a learner's directory could take over.</summary>
    /// <exception cref="TimeoutException">None is ready in time.</exception>
    public async Task ReadyAsync(string learner)
    {
        long begun = TimeProvider.System.GetTimestamp();
        while (!(await StatusAsync(learner)).Standbys.Any(standby => standby is { IsReady: true, Checkpoint: not null }))
        {
            if (TimeProvider.System.GetElapsedTime(begun) > Deadline)
            {
                throw new TimeoutException("No standby has become ready.");
            }

            await Task.Yield();
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (LineProcess process in _all)
        {
            await process.DisposeAsync();
        }
    }

    private LineProcess Learner(string name, string[] options) =>
        Keep(LineProcess.Start(["node", "--role", "learner", "--set", $"cluster.name={name}", .. options]));

    private LineProcess Keep(LineProcess process)
    {
        _all.Add(process);
        return process;
    }
}
