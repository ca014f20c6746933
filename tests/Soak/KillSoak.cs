using System.Text.RegularExpressions;
using ICPO.Actors.RunFiles.Directories;
using RunSupport;
using TestSupport;

namespace ICPO.Actors.Soak;

/// <summary>
/// Starts small runs, kills them at random times, resumes them until they complete, and audits them. η alternates between 0 and 1. A
/// database
/// server is also killed and restarted, in about every other start and at a random time.
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
            end = await WithServerKillsAsync(IcpoProcess.RunAsync(Command(run, path)));
        }

        Match redo = Redo().Match(end.Output);
        var audit = RunAudit.Create(path, run);
        var outcome = new Outcome
        {
            Run = number,
            Staleness = run.Staleness,
            Seed = run.Seed,
            Kills = killedAt.Count,
            KilledAt = killedAt,
            ServerKills = _serverKills,
            Starts = audit.Starts,
            Updates = audit.Committed,
            Admitted = audit.Admitted,
            Trained = audit.Trained,
            Lost = audit.Lost,
            TrainedTwice = audit.TrainedTwice,
            Redone = redo.Success ? int.Parse(redo.Groups["last"].Value) - int.Parse(redo.Groups["first"].Value) + 1 : 0,
            RecoverySeconds = redo.Success ? double.Parse(redo.Groups["seconds"].Value) : 0,
            SameWeights = run.Staleness == 0 ? Same(path, await WholeAsync(run)) : null,
            LedgerCloses = audit.LedgerCloses,
            Findings = end.ExitCode == 0 ? audit.Findings : [.. audit.Findings, $"the last start ended with {end}"],
        };
        if (outcome.Holds)
        {
            Directory.Delete(path, recursive: true);
        }

        return outcome;
    }

    /// <summary>Deletes the reference runs; failed runs are kept for inspection.</summary>
    public ValueTask DisposeAsync()
    {
        foreach (string path in _whole.Values)
        {
            Directory.Delete(path, recursive: true);
        }

        return ValueTask.CompletedTask;
    }

    /// <summary>Kills the run at a random time after its start, or after the training has started.</summary>
    private async Task<ProcessEnd> StartAsync(SmallRun run, string path, List<double> killedAt)
    {
        bool training = _random.Next(3) > 0;
        var after = TimeSpan.FromMilliseconds(training ? _random.Next(0, 900) : _random.Next(100, 2000));
        ProcessEnd end = await WithServerKillsAsync(
            IcpoProcess.RunAsync(new ProcessOptions { KillAfter = after, Since = training ? " training " : null }, Command(run, path))
        );
        if (end.ExitCode == ProcessEnd.Killed)
        {
            killedAt.Add(Math.Round(end.Lived.TotalSeconds, 3));
        }

        return end;
    }

    /// <summary>
    /// Kills the server in about every other start, at a random time, and restarts it within a second.
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

    /// <summary>A run that was killed before it wrote its configuration is started again.</summary>
    private string[] Command(SmallRun run, string path) =>
        File.Exists(Path.Combine(path, "effective.conf")) ? SmallRun.Resume(path)
        : server is null ? run.Train(path)
        : [.. run.Train(path), "--set", $"journal.connection-string={server.Uri}"];

    private async Task<string> WholeAsync(SmallRun run)
    {
        if (!_whole.TryGetValue(run, out string? path))
        {
            _whole[run] = path = Path.Combine(_runs, $"whole-{run.Staleness}-{run.Seed}");
            ProcessEnd end = await IcpoProcess.RunAsync(run.Train(path));
            _ = end.ExitCode == 0 ? end : throw new InvalidOperationException($"The reference run ended with {end}");
        }

        return path;
    }

    private static bool Same(string left, string right) =>
        Compared.All(file => File.ReadAllBytes(Model(left, file)).AsSpan().SequenceEqual(File.ReadAllBytes(Model(right, file))));

    private static string Model(string run, string file) => Path.Combine(run, RunSummaries.Read(new RunDirectory(run))?.Model ?? "", file);

    [GeneratedRegex(@"updates v(?<first>\d+) to v(?<last>\d+) .*journal in (?<seconds>[\d.]+) s")]
    private static partial Regex Redo();
}
