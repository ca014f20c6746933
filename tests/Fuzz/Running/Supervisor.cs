using System.Diagnostics;
using System.Globalization;
using Fuzz.Readers;

namespace Fuzz.Running;

/// <summary>
/// Runs workers in processes of their own, and watches them: one that ends early has crashed, one that stays at an input hangs, one that
/// takes too much memory is ended. The next one goes on behind that input.
/// </summary>
internal static class Supervisor
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(60),
        StartTime = TimeSpan.FromSeconds(180),
        Look = TimeSpan.FromMilliseconds(250);

    private const long MaxBytes = 1L << 30;
    private const int MaxFindings = 50;

    /// <param name="reader">The reader.</param>
    /// <param name="first">Number of the first input.</param>
    /// <param name="count">How many inputs.</param>
    /// <param name="most">The time after which no further input is begun; null for all inputs.</param>
    public static async Task<Outcome> RunAsync(Reader reader, long first, long count, TimeSpan? most)
    {
        var findings = new List<(long, string)>();
        var clock = Stopwatch.StartNew();
        long next = first;
        while (next < first + count && findings.Count < MaxFindings && (most is null || clock.Elapsed < most))
        {
            next = await BatchAsync(reader, next, first + count - next, most - clock.Elapsed, findings);
        }

        return new Outcome(reader.Name, next - first, findings, clock.Elapsed);
    }

    /// <summary>Runs one process; returns the number of the input that the next one begins with.</summary>
    private static async Task<long> BatchAsync(Reader reader, long first, long count, TimeSpan? most, List<(long, string)> findings)
    {
        string path = Path.Combine(Path.GetTempPath(), $"icpo-fuzz-{Guid.NewGuid():N}");
        using var progress = new Progress(path) { Number = -1 };
        using Process process = Start(reader, first, count, path);
        long? end = null;
        var reading = Task.Run(async () =>
        {
            while (await process.StandardOutput.ReadLineAsync() is { } line)
            {
                string[] words = line.Split(' ', 3);
                long number = long.Parse(words[1], CultureInfo.InvariantCulture);
                if (words[0] == "found")
                {
                    Report(reader, number, words[2], findings);
                }
                else
                {
                    end = first + number;
                }
            }
        });
        string? fault = await WatchAsync(process, progress, most);
        await reading;
        File.Delete(path);
        long at = Math.Max(first, progress.Number);
        if (end is { } done)
        {
            return done;
        }

        if (fault is { Length: 0 })
        {
            return at; // the time is up
        }

        Report(reader, at, fault ?? $"crash: exit code {process.ExitCode}", findings);
        return at + 1;
    }

    private static void Report(Reader reader, long number, string problem, List<(long, string)> findings)
    {
        findings.Add((number, problem));
        Console.WriteLine($"{reader.Name}: --reader {reader.Name} --seed {number}: {problem}");
    }

    /// <summary>Waits for the end; ends a process that breaks a bound and says which, with no text if only the time is up.</summary>
    private static async Task<string?> WatchAsync(Process process, Progress progress, TimeSpan? most)
    {
        (Stopwatch clock, Stopwatch still) = (Stopwatch.StartNew(), Stopwatch.StartNew());
        long last = -1;
        while (!process.HasExited)
        {
            await Task.WhenAny(process.WaitForExitAsync(), Task.Delay(Look));
            if (progress.Number != last)
            {
                last = progress.Number;
                still.Restart();
            }

            process.Refresh();
            string? fault =
                process.HasExited ? null
                : still.Elapsed > (last < 0 ? StartTime : Deadline) ? $"hang: no answer within {Deadline.TotalSeconds} s"
                : process.WorkingSet64 > MaxBytes ? $"memory: the process has {process.WorkingSet64 >> 20} MB"
                : clock.Elapsed > most ? ""
                : null;
            if (fault is not null)
            {
                process.Kill();
                await process.WaitForExitAsync();
                return fault;
            }
        }

        return null;
    }

    private static Process Start(Reader reader, long first, long count, string progress)
    {
        var start = new ProcessStartInfo(Environment.ProcessPath!) { RedirectStandardOutput = true };
        if (Path.GetFileNameWithoutExtension(Environment.ProcessPath) == "dotnet")
        {
            start.ArgumentList.Add(typeof(Supervisor).Assembly.Location);
        }

        foreach (object argument in new object[] { "--worker", progress, "--reader", reader.Name, "--seed", first, "--inputs", count })
        {
            start.ArgumentList.Add(Convert.ToString(argument, CultureInfo.InvariantCulture)!);
        }

        return Process.Start(start)!;
    }
}
