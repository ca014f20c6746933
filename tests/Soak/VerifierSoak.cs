using System.Globalization;
using System.Text;
using VerifierSupport;

namespace ICPO.Actors.Soak;

/// <summary>Small runs whose verifiers fail on about half of the cases, until enough faults were injected.</summary>
internal static class VerifierSoak
{
    private const int Updates = 8;

    /// <summary>Alternates between the verifiers.</summary>
    /// <param name="faults">Faults to inject, at least, for each verifier.</param>
    /// <param name="seed">Of the first run.</param>
    /// <param name="results">The page to write; null for none.</param>
    /// <returns>The process's exit code.</returns>
    public static async Task<int> RunAsync(int faults, int seed, string? results)
    {
        FaultTally command = await RepeatAsync(VerifierFaultRun.CommandAsync, faults, seed).ConfigureAwait(false),
            http = await RepeatAsync(VerifierFaultRun.HttpAsync, faults, seed).ConfigureAwait(false);
        string tables = $"{Table(command)}\n{Table(http)}";
        string summary = string.Create(
            CultureInfo.InvariantCulture,
            $"{command.Injected.Sum() + http.Injected.Sum()} faults were injected; {command.Leaked.Sum() + http.Leaked.Sum()} of their "
                + $"rollouts were in a group. {command.Rewarded + http.Rewarded} rollouts with an answer were, each with its reward."
        );
        Console.WriteLine($"{tables}\n{summary}");
        string[] findings = [.. command.Findings, .. http.Findings];
        Console.WriteLine(string.Join('\n', findings));
        if (results is not null)
        {
            await File.WriteAllTextAsync(results, Page(faults, tables, summary)).ConfigureAwait(false);
        }

        return findings.Length == 0 && command.Leaked.Sum() + http.Leaked.Sum() == 0 ? 0 : 1;
    }

    private static async Task<FaultTally> RepeatAsync(Func<int, int, Task<FaultTally>> run, int faults, int seed)
    {
        FaultTally all = await run(Updates, seed).ConfigureAwait(false);
        while (all.Injected.Sum() < faults)
        {
            Console.WriteLine($"{all.Verifier}: {all.Injected.Sum()} faults of {faults}");
            all = all.Add(await run(Updates, ++seed).ConfigureAwait(false));
        }

        return all;
    }

    private static string Page(int faults, string tables, string summary) =>
        $"""
            # Faults of verifiers

            ```sh
            dotnet run -c Release --project tests/Soak -- --verifier-faults {faults}
            ```

            Complete small runs ({Updates} updates each) whose verifier fails on about half of the cases; which case gets which fault is a
            function of question and response. Afterwards the members of all admitted groups are read from the journal: only these enter
            baselines and advantages. A rollout whose case got a fault must not be among them, and every other one must have exactly the
            reward of its answer, which is never 0. Runs must complete, and their ledgers and journals must close. A case is tried a second
            time after some faults (an exit, status 500 or 503, a closed connection), and each attempt counts as injected.

            {summary}

            {tables}
            """;

    private static string Table(FaultTally tally)
    {
        var table = new StringBuilder($"| `{tally.Verifier}` | injected | reached a reward or a baseline |\n|---|---:|---:|\n");
        for (int i = 0; i < tally.Faults.Length; i++)
        {
            table.Append(CultureInfo.InvariantCulture, $"| {tally.Faults[i]} | {tally.Injected[i]} | {tally.Leaked[i]} |\n");
        }

        return table.ToString();
    }
}
