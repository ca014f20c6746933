using System.Globalization;
using System.Text;
using ICPO.Actors.RunFiles.Directories;
using RunSupport;
using TestSupport;

namespace ICPO.Actors.Soak;

/// <summary>
/// Sends signals to host apps and <c>icpo train</c> at random times of a run, once or twice, and checks how they end: a clean exit and a
/// run that is stopped or completed, never a crash.
/// </summary>
internal static class SignalSoak
{
    private const int SegmentationFault = 139;
    private const int Aborted = 134;
    private const int Stopped = 130;
    private const string NotStarted = "not started";
    private const string SharedSystem = "WithIcpo";

    private static readonly string[] Signals = ["TERM", "INT"];
    private static readonly string[] Apps = ["OwnVerifier", "WebApp", SharedSystem, "icpo train"];

    /// <param name="signals">How many processes get one.</param>
    /// <param name="seed">Of the apps, the signals and the times.</param>
    /// <param name="parallel">Processes at once.</param>
    /// <param name="command">What reproduces the page.</param>
    /// <param name="results">The page to write; null for none.</param>
    /// <returns>True if no process crashed and every run that was started has ended as stopped or completed.</returns>
    public static async Task<bool> RunAsync(int signals, int seed, int parallel, string command, string? results)
    {
        var random = new Random(seed);
        Trial[] trials = [.. Enumerable.Range(1, signals).Select(number => Draw(number, random))];
        var ends = new SortedDictionary<string, int>(StringComparer.Ordinal);
        (int crashes, int unfinished) = (0, 0);
        var gate = new Lock();
        var options = new ParallelOptions { MaxDegreeOfParallelism = parallel };
        await Parallel.ForEachAsync(trials, options, async (trial, _) =>
        {
            (int exit, string state) = await TryAsync(trial);
            string end = $"{trial.App}, {trial.Signal}{(trial.Again is null ? "" : " twice")}: exit code {exit}, run {state}";
            bool isClean = exit == 0 || (exit == Stopped && trial.Again is null);
            lock (gate)
            {
                ends[end] = ends.GetValueOrDefault(end) + 1;
                crashes += exit is SegmentationFault or Aborted ? 1 : 0;
                unfinished += isClean && state is not ("stopped" or "completed" or NotStarted) ? 1 : 0;
                string after = trial.Delay.TotalSeconds.ToString("0.0", CultureInfo.InvariantCulture);
                Console.WriteLine($"{trial.Number}: after {after} s, {end}");
            }
        });

        string table = Table(signals, command, crashes, unfinished, ends);
        Console.Write(table);
        if (results is not null)
        {
            await File.WriteAllTextAsync(results, table);
        }

        return crashes == 0 && unfinished == 0;
    }

    private static Trial Draw(int number, Random random) =>
        new(
            number,
            Apps[random.Next(Apps.Length)],
            Signals[random.Next(Signals.Length)],
            TimeSpan.FromSeconds(random.NextDouble() * 12),
            random.Next(2) == 0 ? TimeSpan.FromMilliseconds(random.Next(500)) : null
        );

    private static async Task<(int Exit, string State)> TryAsync(Trial trial)
    {
        using var folder = new TemporaryFolder();
        using SampleProcess app = await StartAsync(trial.App, folder);
        await Task.Delay(trial.Delay);
        app.Signal(trial.Signal);
        if (trial.Again is { } pause)
        {
            await Task.Delay(pause);
            app.Signal(trial.Signal);
        }

        return (await app.ExitAsync(), State(folder));
    }

    private static async Task<SampleProcess> StartAsync(string name, TemporaryFolder folder)
    {
        string run = Path.Combine("runs", "run");
        if (name != "WebApp")
        {
            return name switch
            {
                "OwnVerifier" => SampleProcess.Start(Repository.Root, name, folder.Path, run),
                SharedSystem => SampleProcess.StartTestProgram(Repository.Root, "Soak", folder.Path, SharedSystemApp.Command, run),
                _ => SampleProcess.StartScript(folder.Path, "exec \"$ICPO\" \"$@\"", "train", "--output", run),
            };
        }

        string[] arguments = ["--urls", "http://127.0.0.1:0", "--contentRoot", Repository.In("samples", name)];
        var app = SampleProcess.Start(Repository.Root, name, folder.Path, arguments);
        await app.WaitForAsync("Now listening on: ");
        using var client = new HttpClient { BaseAddress = new(app.Output.Split("Now listening on: ")[1].Split('\n')[0].Trim()) };
        (await client.PostAsync("/runs", null)).Dispose();
        return app;
    }

    /// <summary>Of the run, from its summary; a signal before the app has built its host ends it before there is a run.</summary>
    private static string State(TemporaryFolder folder)
    {
        string runs = folder.In("runs");
        string? run = Directory.Exists(runs) ? Directory.GetDirectories(runs).SingleOrDefault() : null;
        return run is null ? NotStarted : RunSummaries.Read(new RunDirectory(run))?.State ?? "without a summary";
    }

    private static string Table(int signals, string command, int crashes, int unfinished, SortedDictionary<string, int> ends)
    {
        var table = new StringBuilder();
        table.Append(
            CultureInfo.InvariantCulture,
            $"""
            # {signals} signals

            ```sh
            dotnet run -c Release --project tests/Soak -- {command}
            ```

            A console app and a web app (`samples/`), an app whose own actor system hosts the run (`WithIcpo`), and `icpo train` get SIGTERM
            or SIGINT at a random time of the first 12 seconds, once or twice. A second signal ends `icpo train` immediately, so its run has
            no summary.
            {crashes} crashes (SIGSEGV, SIGABRT); {unfinished} clean exits with a run that is neither stopped nor completed.

            | app, signal and end | times |
            |---|---:|

            """
        );
        foreach ((string end, int times) in ends)
        {
            table.Append(CultureInfo.InvariantCulture, $"| {end} | {times} |\n");
        }

        return table.ToString();
    }

    /// <param name="Number">From 1.</param>
    /// <param name="App">The program.</param>
    /// <param name="Signal">Its name.</param>
    /// <param name="Delay">From the program's start, or from the start of its run, to the signal.</param>
    /// <param name="Again">From the first signal to the second; null for one signal.</param>
    private sealed record Trial(int Number, string App, string Signal, TimeSpan Delay, TimeSpan? Again);
}
