using ICPO.Actors.Cluster.Client;
using ICPO.Actors.Configuration;
using ICPO.Actors.Configuration.Layers;
using ICPO.Actors.Configuration.Settings;
using ICPO.Actors.Host.CommandLine;
using ICPO.Actors.RunFiles.Directories;

namespace ICPO.Actors.Host.Clusters;

/// <summary>
/// A cluster of processes on this machine: a learner that runs the core, a standby if the journal is on a server, and nodes that sample and
/// verify. A process that fails is restarted; all end with the run.
/// </summary>
internal sealed class LocalCluster(Terminal terminal, StopSignals signals) : IDisposable
{
    /// <summary>The number of processes from which one of them is a standby.</summary>
    public const int WithStandby = 4;

    private const int MaxRestarts = 20;
    private const string OrphanTimeout = "10s";
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);
    private readonly ChildProcesses _children = new(terminal);
    private readonly CancellationTokenSource _ended = new();
    private readonly CancellationTokenSource _terminate = new();

    /// <summary>Executes the run to its end; returns the exit code of the process that ended it.</summary>
    /// <param name="configuration">The run's configuration.</param>
    /// <param name="processes">The number of processes, including learners.</param>
    /// <exception cref="IOException">A learner fails repeatedly.</exception>
    public async Task<int> RunAsync(IcpoConfiguration configuration, int processes)
    {
        configuration = WithDirectory(configuration).WithAbsolutePaths();
        var directory = new RunDirectory(Path.GetFullPath(configuration.Settings.Directory));
        Directory.CreateDirectory(Path.GetDirectoryName(directory.Path)!);
        await using LocalPostgres? server = await ServerAsync(configuration, directory.Path + ".postgres", processes);
        if (server is not null)
        {
            configuration = configuration.With(KeyValuePair.Create("journal.connection-string", server.Connection));
            _children.Environment["PGPASSWORD"] = server.Password;
        }

        bool failover = processes >= WithStandby && JournalIsOnServer(configuration);
        string file = directory.Path + ".conf";
        await File.WriteAllTextAsync(file, configuration.Render());
        try
        {
            return await SuperviseAsync(new ClusterPlan(directory, file, configuration, failover ? 2 : 1), processes);
        }
        finally
        {
            File.Delete(file);
            _children.KillAll();
            if (server is not null)
            {
                terminal.Out.WriteLine($"The journal is in {directory.Path}.postgres; to read or resume the run: {server.StartCommand}");
            }
        }
    }

    public void Dispose()
    {
        _ended.Dispose();
        _terminate.Dispose();
    }

    private static bool JournalIsOnServer(IcpoConfiguration configuration) =>
        configuration.Settings.Journal.ConnectionString is { Length: > 0 } connection && JournalConnection.Parse(connection).IsServer;

    /// <summary>A private server, if a standby needs one and none is configured.</summary>
    private async Task<LocalPostgres?> ServerAsync(IcpoConfiguration configuration, string folder, int processes)
    {
        if (processes < WithStandby || configuration.Settings.Journal.ConnectionString.Length > 0)
        {
            if (processes >= WithStandby && !JournalIsOnServer(configuration))
            {
                terminal.WriteError("the journal is a SQLite file, so there is only one learner and no failover.");
            }

            return null;
        }

        if (LocalPostgres.Programs is not { } programs)
        {
            terminal.WriteError(
                "PostgreSQL is not installed (/usr/lib/postgresql), so the journal is a SQLite file and there is no failover; install "
                    + "it, or set journal.connection-string to a server."
            );
            return null;
        }

        try
        {
            return await LocalPostgres.StartAsync(folder, programs);
        }
        catch (IOException error)
        {
            terminal.WriteError(
                $"no PostgreSQL server could be started, so the journal is a SQLite file and there is no failover: {error.Message}"
            );
            return null;
        }
    }

    private async Task<int> SuperviseAsync(ClusterPlan plan, int processes)
    {
        await using CancellationTokenRegistration stopping = signals.Token.Register(() => _ = StopAsync(plan));
        Task<int>[] learners = [.. Enumerable.Range(0, plan.Learners).Select(index => SuperviseLearnerAsync(plan, index))];
        Task[] nodes = [.. Enumerable.Range(1, processes - plan.Learners).Select(index => SuperviseNodeAsync(plan, $"node-{index}"))];
        int code = await await Task.WhenAny(learners);
        await _ended.CancelAsync();
        await Task.WhenAny(Task.WhenAll([.. nodes, .. learners]), Task.Delay(Grace));
        return code;
    }

    /// <summary>
    /// Stops the run at its core. A signal to the core would let the standby continue the run, and Ctrl-C in a terminal has reached all
    /// processes already.
    /// </summary>
    private async Task StopAsync(ClusterPlan plan)
    {
        foreach (string directory in Enumerable.Range(0, plan.Learners).Select(plan.DirectoryOf))
        {
            try
            {
                using var client = new ClusterClient(ClusterAddress.Read(directory).Files, plan.Configuration.Settings.Cluster.Tls);
                await client.StopAsync();
                return;
            }
            catch (Exception error) when (error is IOException or InvalidDataException or ConfigurationException)
            {
                // No core runs there.
            }
        }

        await _terminate.CancelAsync();
    }

    private static IcpoConfiguration WithDirectory(IcpoConfiguration configuration) =>
        configuration.Settings.Directory.Length > 0
            ? configuration
            : configuration.With(
                KeyValuePair.Create(
                    "run.directory",
                    Path.GetFullPath(Path.Combine("runs", $"{TimeProvider.System.GetLocalNow():yyyyMMdd-HHmmss}-cluster"))
                )
            );

    /// <summary>Restarts a learner that fails: it continues the run, or becomes a standby if the other learner continues it.</summary>
    private async Task<int> SuperviseLearnerAsync(ClusterPlan plan, int index)
    {
        string name = plan.LearnerName(index);
        for (int starts = 0; ; starts++)
        {
            if (index > 0 && !await plan.BegunAsync(_ended.Token))
            {
                return ExitCode.Done;
            }

            int code = await _children.RunToEndAsync(name, plan.Learner(index), _terminate.Token);
            if (_ended.IsCancellationRequested || plan.IsFinal(index, code) || starts == MaxRestarts)
            {
                return code;
            }

            terminal.WriteError($"{name} has ended (exit code {code}); it is restarted.");
            await Task.Delay(Pause);
        }
    }

    private async Task SuperviseNodeAsync(ClusterPlan plan, string name)
    {
        for (int starts = 0; starts <= MaxRestarts && !_ended.IsCancellationRequested; starts++)
        {
            if (!await plan.BegunAsync(_ended.Token))
            {
                return;
            }

            int code = await _children.RunToEndAsync(name, plan.Node(name, OrphanTimeout), CancellationToken.None);
            if (code == ExitCode.Done || _ended.IsCancellationRequested)
            {
                return;
            }

            terminal.WriteError($"{name} has ended (exit code {code}); it is restarted.");
            await Task.Delay(Pause);
        }
    }
}
