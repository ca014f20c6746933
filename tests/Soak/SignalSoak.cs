using System.Globalization;
using System.Text;
using ICPO.Actors.RunFiles.Directories;
using RunSupport;
using TestSupport;

namespace ICPO.Actors.Soak;

/// <summary>
/// Sends signals to host apps at random times of a run, once or twice, and looks at how they end: a clean exit and a run that is stopped or
/// completed, never a crash.
/// </summary>
internal static class SignalSoak
{
    private const int SegmentationFault = 139;
    private const int Aborted = 134;

    private static readonly string[] Signals = ["TERM", "INT"];

    /// <returns>True if no process crashed and every run that was started has ended as stopped or completed.</returns>
    public static async Task<bool> RunAsync(int signals, int seed, string? results)
    {
        var random = new Random(seed);
        var ends = new SortedDictionary<string, int>(StringComparer.Ordinal);
        (int crashes, int unfinished) = (0, 0);
        for (int trial = 1; trial <= signals; trial++)
        {
            using var folder = new TemporaryFolder();
            (string signal, bool twice) = (Signals[random.Next(Signals.Length)], random.Next(2) == 0);
            var delay = TimeSpan.FromSeconds(random.NextDouble() * 12);
            bool web = random.Next(2) == 0;
            using SampleProcess app = web
                ? SampleProcess.Start(
                    Repository.Root,
                    "WebApp",
                    folder.Path,
                    "--urls",
                    "http://127.0.0.1:0",
                    "--contentRoot",
                    Repository.In("samples", "WebApp")
                )
                : SampleProcess.Start(Repository.Root, "OwnVerifier", folder.Path, Path.Combine("runs", "run"));
            if (web)
            {
                await app.WaitForAsync("Now listening on: ");
                using var client = new HttpClient { BaseAddress = new(app.Output.Split("Now listening on: ")[1].Split('\n')[0].Trim()) };
                (await client.PostAsync("/runs", null)).Dispose();
            }

            await Task.Delay(delay);
            app.Signal(signal);
            if (twice)
            {
                await Task.Delay(random.Next(500));
                app.Signal(signal);
            }

            int exit = await app.ExitAsync();
            string state = State(folder);
            string end = $"{(web ? "WebApp" : "OwnVerifier")}, {signal}{(twice ? " twice" : "")}: exit code {exit}, run {state}";
            ends[end] = ends.GetValueOrDefault(end) + 1;
            crashes += exit is SegmentationFault or Aborted ? 1 : 0;
            unfinished += exit == 0 && state is not ("stopped" or "completed") ? 1 : 0;
            Console.WriteLine($"{trial}: after {delay.TotalSeconds.ToString("0.0", CultureInfo.InvariantCulture)} s, {end}");
        }

        string table = Table(signals, seed, crashes, unfinished, ends);
        Console.Write(table);
        if (results is not null)
        {
            await File.WriteAllTextAsync(results, table);
        }

        return crashes == 0 && unfinished == 0;
    }

    /// <summary>Of the run, from its summary; a signal before the app has built its host ends it before there is a run.</summary>
    private static string State(TemporaryFolder folder)
    {
        string runs = folder.In("runs");
        string? run = Directory.Exists(runs) ? Directory.GetDirectories(runs).SingleOrDefault() : null;
        return run is null ? "not started" : RunSummaries.Read(new RunDirectory(run))?.State ?? "without a summary";
    }

    private static string Table(int signals, int seed, int crashes, int unfinished, SortedDictionary<string, int> ends)
    {
        var table = new StringBuilder();
        table.Append(
            CultureInfo.InvariantCulture,
            $"""
            # {signals} signals to host apps

            ```sh
            dotnet run -c Release --project tests/Soak -- --signals {signals} --seed {seed}
            ```

            A console app and a web app (`samples/`) get SIGTERM or SIGINT at a random time of the first 12 seconds, once or twice.
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
}
