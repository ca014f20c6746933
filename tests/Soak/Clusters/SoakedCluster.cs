using System.Collections.Concurrent;
using System.Globalization;
using RunSupport;
using TestSupport;

namespace ICPO.Actors.Soak.Clusters;

/// <summary>
/// The processes of a run, of which one that ends is started again as a supervisor does: two learners, two rollout nodes, of which one
/// judges too, and a verifier node.
/// </summary>
internal sealed class SoakedCluster : IAsyncDisposable
{
    public static readonly string[] Learners = ["first", "second"];
    public static readonly string[] RolloutNodes = ["sampling", "both"];
    public const string VerifierNode = "judging";

    /// <summary>Updates that the newest checkpoint of a standby may be behind the core.</summary>
    private const long MostBehind = 30;

    private static readonly string[] Nodes = [.. RolloutNodes, VerifierNode];

    /// <summary>What a process says when it works.</summary>
    private static readonly string[] Started = ["the node is ready", "standing by", "Nodes join with"];

    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(300);
    private static readonly TimeSpan Deadline = TimeSpan.FromMinutes(3);
    private readonly FailoverCluster _cluster;
    private readonly string _place;
    private readonly int[] _ports = FreePorts.Take(Learners.Length);
    private readonly ConcurrentDictionary<string, LineProcess> _processes = new();
    private readonly ConcurrentDictionary<LineProcess, string> _all = new();
    private readonly ConcurrentDictionary<int, bool> _killed = new();
    private readonly ConcurrentDictionary<int, Task> _stopped = new();
    private readonly CancellationTokenSource _ended = new();
    private Task _supervisor = Task.CompletedTask;

    public SoakedCluster(PostgresServer server, string place, SmallRun run)
    {
        _place = place;
        _cluster = new FailoverCluster(server.Uri, place, run);
        Search = new CoreSearch(server, _cluster, Learners);
    }

    public CoreSearch Search { get; }

    /// <summary>What processes have done that they should not.</summary>
    public ConcurrentQueue<string> Findings { get; } = [];

    public string DirectoryOf(string learner) => _cluster.DirectoryOf(learner);

    public async Task StartAsync()
    {
        Keep(Learners[0], await _cluster.StartFirstAsync(Learners[0], Port(Learners[0])));
        foreach (string node in Nodes)
        {
            Keep(node, StartNode(node));
        }

        Keep(Learners[1], _cluster.StandBy(Learners[1], Port(Learners[1])));
        _supervisor = SuperviseAsync(_ended.Token);
    }

    public void Kill(string name)
    {
        LineProcess process = _processes[name];
        _killed[process.Id] = true;
        process.Kill();
    }

    /// <summary>Stops a process, and lets it go on after a time.</summary>
    public async Task StopAsync(string name, TimeSpan time)
    {
        LineProcess process = _processes[name];
        await process.SignalAsync("STOP");
        _stopped[process.Id] = ContinueAsync();

        async Task ContinueAsync()
        {
            await Task.Delay(time);
            await process.SignalAsync("CONT");
            _stopped.TryRemove(process.Id, out _);
        }
    }

    /// <summary>Waits until a core trains and the cluster is in a state.</summary>
    /// <param name="isReady">True for that state.</param>
    /// <param name="until">The last update to wait for.</param>
    /// <returns>Null where the run is that far.</returns>
    /// <exception cref="TimeoutException">The cluster does not reach the state in time.</exception>
    public async Task<CoreState?> ReadyAsync(Func<CoreState, bool> isReady, long until)
    {
        long begun = TimeProvider.System.GetTimestamp();
        while (TimeProvider.System.GetElapsedTime(begun) < Deadline)
        {
            if (Search.FindCompleted() is not null)
            {
                return null;
            }

            if (await Search.FindAsync(Look) is { IsTraining: true } core)
            {
                if (core.Status.Update >= until)
                {
                    return null;
                }

                if (isReady(core))
                {
                    return core;
                }
            }

            await Task.Delay(Look);
        }

        throw new TimeoutException("The cluster has not become whole again.");
    }

    /// <summary>True where every process works, and a standby can take over: it has copied what was written since it was stopped.</summary>
    public bool IsWhole(CoreState core) =>
        _processes.Keys.All(Works)
        && Nodes.All(name => core.Status.Nodes.Any(node => node.Name == name))
        && core.Status.Standbys.Any(standby =>
            standby is { IsReady: true, Checkpoint: > 0 and var copied }
            && standby.Name != core.Learner
            && core.Status.Update - copied <= MostBehind
        );

    /// <summary>
    /// True where a process has started, runs and is not stopped. What a core knows of others may be out of date, so each is asked itself.
    /// </summary>
    public bool Works(string name) =>
        _processes[name] is { ExitCode: null } process
        && !_stopped.ContainsKey(process.Id)
        && Started.Any(text => process.Output.Contains(text, StringComparison.Ordinal));

    /// <summary>Waits for the end of the run and of all processes; returns the learner that has completed it.</summary>
    /// <exception cref="TimeoutException">The run does not end in time.</exception>
    public async Task<string> CompletedAsync()
    {
        long begun = TimeProvider.System.GetTimestamp();
        string? last;
        while ((last = Search.FindCompleted()) is null)
        {
            if (TimeProvider.System.GetElapsedTime(begun) > Deadline)
            {
                throw new TimeoutException("The run has not ended.");
            }

            await Task.Delay(Look);
        }

        return last;
    }

    /// <summary>Ends what runs, and writes what the processes have said.</summary>
    public async ValueTask DisposeAsync()
    {
        await _ended.CancelAsync();
        await _supervisor.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await Task.WhenAll(_stopped.Values);
        await _cluster.DisposeAsync();
        foreach ((LineProcess process, string file) in _all)
        {
            await File.WriteAllTextAsync(Path.Combine(_place, file), process.Output);
        }

        _ended.Dispose();
    }

    private LineProcess StartNode(string name)
    {
        string roles = name switch
        {
            VerifierNode => "[verifier]",
            "both" => "[rollout, expert, verifier]",
            _ => "[rollout, expert]",
        };
        return _cluster.StartNode(name, ["--set", $"cluster.roles={roles}", .. Seeds]);
    }

    /// <summary>The port of a learner, which is the same after every start.</summary>
    private string[] Port(string learner) =>
        ["--set", string.Create(CultureInfo.InvariantCulture, $"cluster.port={_ports[Array.IndexOf(Learners, learner)]}")];

    /// <summary>All learners, so that any of them may be joined.</summary>
    private string[] Seeds =>
        [.. _ports.SelectMany(port => new[] { "--seed", string.Create(CultureInfo.InvariantCulture, $"127.0.0.1:{port}") })];

    /// <summary>Starts again what has ended for another reason than that the run has.</summary>
    private async Task SuperviseAsync(CancellationToken cancellationToken)
    {
        while (!cancellationToken.IsCancellationRequested)
        {
            foreach ((string name, LineProcess process) in _processes.Where(entry => entry.Value.ExitCode is not (null or 0)).ToArray())
            {
                Report(name, process);
                Keep(name, Learners.Contains(name) ? _cluster.Resume(name, [.. Port(name), .. Seeds]) : StartNode(name));
            }

            await Task.Delay(Look, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    /// <summary>A process that ends by itself says why.</summary>
    private void Report(string name, LineProcess process)
    {
        if (_killed.ContainsKey(process.Id))
        {
            return;
        }

        string? reason = process.Output.Split('\n').FirstOrDefault(line => line.StartsWith("icpo: ", StringComparison.Ordinal));
        Console.WriteLine($"  {name} ended with {process.ExitCode}: {reason}");
        if (reason is null)
        {
            Findings.Enqueue($"{name} ended with {process.ExitCode} and did not say why");
        }
    }

    private void Keep(string name, LineProcess process)
    {
        _processes[name] = process;
        _all[process] = $"{name}-{_all.Count}.log";
    }
}
