using System.Text.RegularExpressions;
using ICPO.Actors.RunFiles.Directories;
using TestSupport;

namespace ICPO.Actors.Soak;

/// <summary>What became of one run that was killed some times and then left alone.</summary>
/// <param name="Run">Its number.</param>
/// <param name="Staleness">η.</param>
/// <param name="Seed">The run's seed.</param>
/// <param name="Kills">How often it was killed.</param>
/// <param name="KilledAt">After how many seconds of each start.</param>
/// <param name="ServerKills">How often the journal's server was killed, and started again, meanwhile.</param>
/// <param name="Starts">Starts that reached the journal.</param>
/// <param name="Updates">Committed.</param>
/// <param name="Admitted">Groups.</param>
/// <param name="Trained">Groups.</param>
/// <param name="Lost">Groups.</param>
/// <param name="TrainedTwice">Groups.</param>
/// <param name="Redone">Updates that the last start made again from the journal.</param>
/// <param name="RecoverySeconds">In so many seconds.</param>
/// <param name="SameWeights">η = 0: byte for byte those of a run that was not killed; null elsewhere.</param>
/// <param name="LedgerCloses">The run's own ledger.</param>
/// <param name="Findings">What is not as it must be.</param>
internal sealed record Outcome(
    int Run,
    int Staleness,
    int Seed,
    int Kills,
    IReadOnlyList<double> KilledAt,
    int ServerKills,
    int Starts,
    long Updates,
    int Admitted,
    int Trained,
    int Lost,
    int TrainedTwice,
    int Redone,
    double RecoverySeconds,
    bool? SameWeights,
    bool LedgerCloses,
    IReadOnlyList<string> Findings
)
{
    public bool Holds => Findings.Count == 0 && SameWeights != false && Lost == 0 && TrainedTwice == 0 && LedgerCloses;
}

/// <summary>
/// Starts small runs, kills them at random instants, resumes them until they end, and audits them. η is 0 and 1 by turns. Where the
/// journal lies on a server, that is killed too in every other start, at an instant of its own, and started again.
/// </summary>
internal sealed partial class KillSoak(string directory, int seed, PostgresServer? server) : IAsyncDisposable
{
    private const int Updates = 60,
        Seeds = 3;
    private static readonly string[] Compared = ["model.safetensors", "optimizer.safetensors", "trainer_state.json"];
    private readonly Random _random = new(seed);
    private readonly Dictionary<SmallRun, string> _whole = [];
    private int _serverKills;
    private readonly string _runs = Path.Combine(directory, "runs");

    public async Task<Outcome> RunAsync(int number, int kills)
    {
        var run = new SmallRun(Staleness: number % 2, Updates, Seed: 1 + (number / 2 % Seeds));
        string path = Path.Combine(_runs, $"{number}");
        List<double> killedAt = [];
        _serverKills = 0;
        ProcessEnd end = await StartAsync(run, path, killedAt);
        while (end.ExitCode == ProcessEnd.Killed && killedAt.Count < kills)
        {
            end = await StartAsync(run, path, killedAt);
        }

        if (end.ExitCode == ProcessEnd.Killed)
        {
            end = await WithServerKillsAsync(RunProcess.RunAsync(Command(run, path)));
        }

        Match redo = Redo().Match(end.Output);
        var audit = RunAudit.Of(path, run);
        var outcome = new Outcome(
            number,
            run.Staleness,
            run.Seed,
            killedAt.Count,
            killedAt,
            _serverKills,
            audit.Starts,
            audit.Committed,
            audit.Admitted,
            audit.Trained,
            audit.Lost,
            audit.TrainedTwice,
            redo.Success ? int.Parse(redo.Groups["last"].Value) - int.Parse(redo.Groups["first"].Value) + 1 : 0,
            redo.Success ? double.Parse(redo.Groups["seconds"].Value) : 0,
            run.Staleness == 0 ? Same(path, await WholeAsync(run)) : null,
            audit.LedgerCloses,
            end.ExitCode == 0 ? audit.Findings : [.. audit.Findings, $"the last start ended with {end}"]
        );
        if (outcome.Holds)
        {
            Directory.Delete(path, recursive: true);
        }

        return outcome;
    }

    /// <summary>References go; a run that did not end well stays to be looked at.</summary>
    public ValueTask DisposeAsync()
    {
        foreach (string path in _whole.Values)
        {
            Directory.Delete(path, recursive: true);
        }

        return ValueTask.CompletedTask;
    }

    /// <summary>By turns killed at any time since the start and at any time since it trains.</summary>
    private async Task<ProcessEnd> StartAsync(SmallRun run, string path, List<double> killedAt)
    {
        bool training = _random.Next(3) > 0;
        var after = TimeSpan.FromMilliseconds(training ? _random.Next(0, 900) : _random.Next(100, 2000));
        ProcessEnd end = await WithServerKillsAsync(
            RunProcess.RunAsync(Command(run, path), killAfter: after, since: training ? " training " : null)
        );
        if (end.ExitCode == ProcessEnd.Killed)
        {
            killedAt.Add(Math.Round(end.Lived.TotalSeconds, 3));
        }

        return end;
    }

    /// <summary>
    /// The server dies in every other start, at any time, and comes back after at most a second; the next start finds it there.
    /// </summary>
    private async Task<ProcessEnd> WithServerKillsAsync(Task<ProcessEnd> run)
    {
        if (server is null || _random.Next(2) > 0)
        {
            return await run;
        }

        (int after, int away) = (_random.Next(100, 3000), _random.Next(0, 1000));
        await Task.WhenAny(run, Task.Delay(after));
        await server.KillAsync();
        _serverKills++;
        await Task.Delay(away);
        await server.UpAsync();
        return await run;
    }

    /// <summary>Before its configuration lies there a run has not begun, and is begun again.</summary>
    private string[] Command(SmallRun run, string path) =>
        File.Exists(Path.Combine(path, "effective.conf")) ? SmallRun.Resume(path)
        : server is null ? run.Train(path)
        : [.. run.Train(path), "--set", $"journal.connection-string={server.Uri}"];

    private async Task<string> WholeAsync(SmallRun run)
    {
        if (!_whole.TryGetValue(run, out string? path))
        {
            _whole[run] = path = Path.Combine(_runs, $"whole-{run.Staleness}-{run.Seed}");
            ProcessEnd end = await RunProcess.RunAsync(run.Train(path));
            _ = end.ExitCode == 0 ? end : throw new InvalidOperationException($"The run that nothing happens to ended with {end}");
        }

        return path;
    }

    private static bool Same(string left, string right) =>
        Compared.All(file => File.ReadAllBytes(Model(left, file)).AsSpan().SequenceEqual(File.ReadAllBytes(Model(right, file))));

    private static string Model(string run, string file) => Path.Combine(run, RunSummaries.Read(new RunDirectory(run))?.Model ?? "", file);

    [GeneratedRegex(@"made updates v(?<first>\d+) to v(?<last>\d+) again from the journal in (?<seconds>[\d.]+) s")]
    private static partial Regex Redo();
}
