using ICPO.Actors.Cluster.Client;

namespace EndToEnd.Tests.Clusters;

/// <summary>The processes of a small run over several processes.</summary>
internal sealed class ClusterProcesses(SmallRun run) : IAsyncDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly List<LineProcess> _all = [];

    public SmallRun Run => run;

    public string Directory => _folder.In("run");

    public string Folder => _folder.Path;

    /// <summary>The address that nodes join.</summary>
    public string Seed => ClusterAddress.Read(Directory).Seed;

    /// <summary>Settings of every process.</summary>
    public string[] Common { get; init; } = [];

    /// <summary>Starts or resumes the core, and waits until nodes can join.</summary>
    public async Task<LineProcess> StartLearnerAsync(params string[] options)
    {
        bool begun = File.Exists(Path.Combine(Directory, "effective.conf"));
        if (begun)
        {
            File.Delete(Path.Combine(Directory, ClusterAddress.FileName));
        }

        string[] command = begun
            ? ["--resume", Directory]
            : ["--run", _folder.Write("run.conf", ""), "--set", $"run.directory={Directory}", .. run.Settings];
        LineProcess learner = Keep(LineProcess.Start(["node", "--role", "learner", .. command, .. Common, .. options]));
        await learner.WaitForAsync("Nodes join with");
        return learner;
    }

    /// <summary>Starts a node that joins the core.</summary>
    public LineProcess StartNode(string name, params string[] options) => Keep(LineProcess.Start(Node(name, options)));

    /// <summary>Starts a node that does not see some folders.</summary>
    public LineProcess StartHiddenNode(string name, params string[] folders)
    {
        (string program, string[] arguments) = OtherFileSystem.Hide(folders, IcpoProcess.Executable, Node(name, []));
        return Keep(LineProcess.StartProgram(program, arguments));
    }

    private string[] Node(string name, string[] options) =>
        [
            "node",
            "--seed",
            Seed,
            "--set",
            $"cluster.name={name}",
            "--set",
            $"cluster.directory={_folder.In(name)}",
            "--set",
            "engine.count=1",
            "--set",
            "cluster.orphan-timeout=8s",
            .. Common,
            .. options,
        ];

    /// <summary>The state as the core reports it.</summary>
    public async Task<ClusterStatus> StatusAsync()
    {
        using var client = new ClusterClient(ClusterAddress.Read(Directory).Files, null);
        return await client.StatusAsync();
    }

    public async ValueTask DisposeAsync()
    {
        foreach (LineProcess process in _all)
        {
            await process.DisposeAsync();
        }

        _folder.Dispose();
    }

    private LineProcess Keep(LineProcess process)
    {
        _all.Add(process);
        return process;
    }
}
