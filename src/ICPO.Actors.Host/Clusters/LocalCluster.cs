using ICPO.Actors.Cluster.Client;
using ICPO.Actors.Configuration.Layers;
using ICPO.Actors.Configuration.Settings;
using ICPO.Actors.Host.CommandLine;
using ICPO.Actors.RunFiles.Directories;

namespace ICPO.Actors.Host.Clusters;

/// <summary>
/// A cluster of processes of this machine: one learner, and nodes that sample and judge. A process that dies is started again; all end
/// with the run.
/// </summary>
internal sealed class LocalCluster(Terminal terminal, StopSignals signals) : IDisposable
{
    private const int MaxRestarts = 20;
    private const string OrphanTimeout = "10s";
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(15);
    private readonly Lock _gate = new();
    private readonly List<ChildProcess> _children = [];
    private readonly CancellationTokenSource _ended = new();

    /// <summary>Runs until the run has ended; returns the learner's exit code.</summary>
    /// <param name="configuration">Of the run.</param>
    /// <param name="processes">How many, the learner included.</param>
    /// <exception cref="IOException">The learner ends again and again.</exception>
    public async Task<int> RunAsync(IcpoConfiguration configuration, int processes)
    {
        configuration = WithDirectory(configuration).WithAbsolutePaths();
        var directory = new RunDirectory(configuration.Settings.Directory);
        string file = directory.Path + ".conf";
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        await File.WriteAllTextAsync(file, configuration.Render());
        try
        {
            Task<int> learner = SuperviseLearnerAsync(directory, file);
            string[] tls = configuration.Settings.Cluster.Tls is { } files ? Options(files) : [];
            Task[] nodes =
            [
                .. Enumerable.Range(1, processes - 1).Select(index => SuperviseNodeAsync($"node-{index}", directory.Path, tls)),
            ];
            int code = await learner;
            await _ended.CancelAsync();
            await Task.WhenAny(Task.WhenAll(nodes), Task.Delay(Grace));
            return code;
        }
        finally
        {
            File.Delete(file);
            KillAll();
        }
    }

    public void Dispose() => _ended.Dispose();

    private static string[] Options(TlsSettings tls) =>
        [
            "--set",
            $"cluster.tls.certificate={tls.Certificate}",
            "--set",
            $"cluster.tls.key={tls.Key}",
            "--set",
            $"cluster.tls.authority={tls.Authority}",
        ];

    private static IcpoConfiguration WithDirectory(IcpoConfiguration configuration) =>
        configuration.Settings.Directory.Length > 0
            ? configuration
            : configuration.With(
                KeyValuePair.Create(
                    "run.directory",
                    Path.GetFullPath(Path.Combine("runs", $"{TimeProvider.System.GetLocalNow():yyyyMMdd-HHmmss}-cluster"))
                )
            );

    /// <summary>The learner resumes the run if it dies. Its exit code counts if it ended by itself.</summary>
    private async Task<int> SuperviseLearnerAsync(RunDirectory directory, string file)
    {
        for (int starts = 0; ; starts++)
        {
            string[] run = File.Exists(directory.EffectiveConfiguration) ? ["--resume", directory.Path] : ["--run", file];
            int code = await RunToEndAsync("learner", ["node", "--role", "learner", .. run], signals.Token);
            if (code is ExitCode.Done or ExitCode.Failed or ExitCode.BadInput or ExitCode.Stopped || starts == MaxRestarts)
            {
                return code;
            }

            terminal.WriteError($"the learner has died (exit code {code}); it resumes the run.");
        }
    }

    private async Task SuperviseNodeAsync(string name, string directory, string[] tls)
    {
        for (int starts = 0; starts <= MaxRestarts && !_ended.IsCancellationRequested; starts++)
        {
            if (await SeedAsync(directory) is not { } seed)
            {
                return;
            }

            string[] own = ["--set", $"cluster.name={name}", "--set", $"cluster.orphan-timeout={OrphanTimeout}"];
            int code = await RunToEndAsync(name, ["node", "--seed", seed, .. own, .. tls], CancellationToken.None);
            if (code == ExitCode.Done || _ended.IsCancellationRequested)
            {
                return;
            }

            terminal.WriteError($"{name} has ended (exit code {code}); it is started again.");
        }
    }

    /// <summary>Waits for the learner's address; null where the run has ended.</summary>
    private async Task<string?> SeedAsync(string directory)
    {
        while (!_ended.IsCancellationRequested)
        {
            if (File.Exists(Path.Combine(directory, ClusterAddress.FileName)))
            {
                return ClusterAddress.Read(directory).Seed;
            }

            await Task.WhenAny(Task.Delay(Look), Task.Delay(Timeout.InfiniteTimeSpan, _ended.Token));
        }

        return null;
    }

    private async Task<int> RunToEndAsync(string name, string[] arguments, CancellationToken terminate)
    {
        using var child = ChildProcess.Start(name, arguments, Write);
        lock (_gate)
        {
            _children.Add(child);
        }

        try
        {
            await using CancellationTokenRegistration stop = terminate.Register(child.Terminate);
            await child.ExitAsync();
            return child.ExitCode;
        }
        finally
        {
            lock (_gate)
            {
                _children.Remove(child);
            }
        }
    }

    private void KillAll()
    {
        lock (_gate)
        {
            foreach (ChildProcess child in _children)
            {
                child.Kill();
            }
        }
    }

    private void Write(string line)
    {
        lock (_gate)
        {
            terminal.Out.WriteLine(line);
        }
    }
}
