using System.Collections.Concurrent;
using System.Globalization;
using System.Text;
using LinkSupport;

namespace ICPO.Actors.Soak;

/// <summary>Whole small runs over links that lose, repeat, delay and reorder messages until they heal.</summary>
internal static class LinkSoak
{
    private static readonly string[] Fates = ["lost", "repeated", "held back", "delayed"];

    /// <summary>Runs schedules from a first seed on; prints each seed that fails.</summary>
    /// <returns>The process's exit code.</returns>
    public static async Task<int> RunAsync(int schedules, int first, int parallel)
    {
        var counts = new LinkCounts();
        var failed = new ConcurrentBag<int>();
        int done = 0;
        long begun = TimeProvider.System.GetTimestamp();
        await Parallel.ForEachAsync(
            Enumerable.Range(first, schedules),
            new ParallelOptions { MaxDegreeOfParallelism = parallel },
            async (seed, _) =>
            {
                IReadOnlyList<string> findings = await LinkRun.FindingsAsync(LinkSchedule.Of((ulong)seed), counts).ConfigureAwait(false);
                if (findings.Count > 0)
                {
                    failed.Add(seed);
                    Console.WriteLine($"seed {seed}: {string.Join("; ", findings)}");
                }

                int now = Interlocked.Increment(ref done);
                if (now % 500 == 0)
                {
                    Console.WriteLine($"{now} of {schedules} in {TimeProvider.System.GetElapsedTime(begun).TotalMinutes:0.0} min");
                }
            }
        );
        Console.WriteLine(Table(counts));
        double minutes = TimeProvider.System.GetElapsedTime(begun).TotalMinutes;
        Console.WriteLine(
            string.Create(
                CultureInfo.InvariantCulture,
                $"{schedules} schedules from seed {first}: {failed.Count} failed, {minutes:0.0} min"
            )
        );
        return failed.IsEmpty ? 0 : 1;
    }

    private static string Table(LinkCounts counts)
    {
        var table = new StringBuilder("| message | lost | repeated | held back | delayed |\n|---|---|---|---|---|\n");
        foreach (string kind in counts.Kinds)
        {
            table.Append(CultureInfo.InvariantCulture, $"| {kind} | {string.Join(" | ", Fates.Select(fate => counts[kind, fate]))} |\n");
        }

        return table.ToString();
    }
}
