using System.Globalization;
using System.Text;
using CsCheck;
using LinkSupport;

namespace ICPO.Actors.Soak;

/// <summary>Complete small runs over links that lose, duplicate, delay and reorder messages until they recover.</summary>
internal static class LinkSoak
{
    private static readonly string[] Fates = ["lost", "repeated", "held back", "delayed"];

    /// <summary>Runs generated schedules; prints what is wrong with each that fails, and the seed of the smallest.</summary>
    /// <param name="schedules">How many.</param>
    /// <param name="seed">That CsCheck has printed for a failure, to try again; null for new ones.</param>
    /// <param name="parallel">Runs at once.</param>
    /// <param name="results">The page to write; null for none.</param>
    /// <returns>The process's exit code.</returns>
    public static async Task<int> RunAsync(int schedules, string? seed, int parallel, string? results)
    {
        var counts = new LinkCounts();
        (int done, int failed) = (0, 0);
        long begun = TimeProvider.System.GetTimestamp();
        try
        {
            await LinkSchedules.All.SampleAsync(CheckAsync, seed: seed, iter: schedules, threads: parallel).ConfigureAwait(false);
        }
        catch (CsCheckException smallest)
        {
            Console.WriteLine(smallest.Message);
        }

        double minutes = TimeProvider.System.GetElapsedTime(begun).TotalMinutes;
        string summary = string.Create(CultureInfo.InvariantCulture, $"{done} schedules, {failed} failed, {minutes:0} minutes.");
        Console.WriteLine($"{Table(counts)}\n{summary}");
        if (results is not null)
        {
            await File.WriteAllTextAsync(results, Page(schedules, counts, summary)).ConfigureAwait(false);
        }

        return failed == 0 ? 0 : 1;

        async Task CheckAsync(LinkSchedule schedule)
        {
            IReadOnlyList<string> findings = await LinkRun.FindingsAsync(schedule, counts).ConfigureAwait(false);
            int now = Interlocked.Increment(ref done);
            if (now % 500 == 0)
            {
                Console.WriteLine($"{now} of {schedules} in {TimeProvider.System.GetElapsedTime(begun).TotalMinutes:0.0} min");
            }

            if (findings.Count > 0)
            {
                Interlocked.Increment(ref failed);
                string problem = string.Join("; ", findings);
                Console.WriteLine($"FAILED: {problem}\n  {schedule}");
                throw new InvalidOperationException(problem);
            }
        }
    }

    private static string Page(int schedules, LinkCounts counts, string summary) =>
        $"""
            # {schedules} links between node and core

            ```sh
            dotnet run -c Release --project tests/Soak -- --links {schedules}
            ```

            Complete small runs (3 updates, η 0 or 1, one to three engines, some of which fail and are restarted) whose node reaches the
            core over a link that loses, duplicates, reorders and delays 50 to 650 messages before it recovers. Each run must complete,
            its ledger and journal must close, and with η = 0 its weights must equal those of a run over a reliable link.

            {Table(counts)}
            {summary}

            """;

    private static string Table(LinkCounts counts)
    {
        var table = new StringBuilder("| message | lost | duplicated | reordered | delayed |\n|---|---:|---:|---:|---:|\n");
        foreach (string kind in counts.Kinds)
        {
            table.Append(CultureInfo.InvariantCulture, $"| {kind} | {string.Join(" | ", Fates.Select(fate => counts[kind, fate]))} |\n");
        }

        return table.ToString();
    }
}
