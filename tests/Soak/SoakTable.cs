using System.Globalization;
using System.Text.Json;

namespace ICPO.Actors.Soak;

/// <summary>Outcomes as Markdown and JSON.</summary>
internal static class SoakTable
{
    private const string Head =
        "| run | η | seed | kills | killed after (s) | server kills | starts | updates | admitted | trained | lost | twice "
        + "| redone (last start) | ledger | weights as unkilled |\n"
        + "|---|---|---|---|---|---|---|---|---|---|---|---|---|---|---|";

    private static readonly JsonSerializerOptions Json = new()
    {
        WriteIndented = true,
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
    };

    public static string Row(Outcome o)
    {
        string killedAt = string.Join(", ", o.KilledAt.Select(at => at.ToString("0.0", CultureInfo.InvariantCulture)));
        string redone = $"{o.Redone} in {o.RecoverySeconds.ToString("0.0", CultureInfo.InvariantCulture)} s";
        string weights = o.SameWeights switch
        {
            true => "yes",
            false => "**no**",
            null => "–",
        };
        object[] cells =
        [
            o.Run,
            o.Staleness,
            o.Seed,
            o.Kills,
            killedAt,
            o.ServerKills,
            o.Starts,
            o.Updates,
            o.Admitted,
            o.Trained,
            o.Lost,
            o.TrainedTwice,
            redone,
            o.LedgerCloses ? "closes" : "**open**",
            weights,
        ];
        return $"| {string.Join(" | ", cells)} |{(o.Holds ? "" : $" {string.Join("; ", o.Findings)}")}";
    }

    public static string Sum(IReadOnlyCollection<Outcome> outcomes)
    {
        int serverKills = outcomes.Sum(o => o.ServerKills);
        string server = serverKills > 0 ? $"(and {serverKills} of the server) " : "";
        return $"{outcomes.Sum(o => o.Kills)} kills {server}in {outcomes.Count} runs: "
            + $"{outcomes.Count(o => o.Holds)} runs ended as expected, {outcomes.Sum(o => o.Lost)} admitted groups lost, "
            + $"{outcomes.Sum(o => o.TrainedTwice)} trained twice, {outcomes.Count(o => o.LedgerCloses)} ledgers close, "
            + $"{outcomes.Count(o => o.SameWeights == true)} of "
            + $"{outcomes.Count(o => o.SameWeights is not null)} synchronous runs end with the weights of a run that was not killed.";
    }

    /// <summary>Replaces the section of the database in a Markdown page, or appends it.</summary>
    public static void WriteResults(string path, string database, string command, IReadOnlyCollection<Outcome> outcomes)
    {
        string page = File.Exists(path) ? File.ReadAllText(path) : "";
        string[] parts =
            page.Length > 0
                ? [.. $"\n{page}".Split("\n# ", StringSplitOptions.RemoveEmptyEntries).Select(part => $"# {part.TrimEnd()}\n")]
                : [];
        string server = outcomes.Any(o => o.ServerKills > 0)
            ? "The server is also killed (`kill -9`) and restarted, at random times in about every other start. "
            : "";
        string section = $"""
            # {outcomes.Sum(o => o.Kills)} kills on {database}

            ```sh
            {command}
            ```

            Real processes, killed with `kill -9` at random times and resumed until they complete; η alternates between 0 and 1.
            {server}{Environment.ProcessorCount} cores; there may have been other load on the machine.

            {Head}
            {string.Join('\n', outcomes.Select(Row))}

            {Sum(outcomes)}

            """;
        bool Is(string part) => part.Split('\n')[0].EndsWith($" on {database}", StringComparison.Ordinal);
        File.WriteAllText(path, string.Join('\n', parts.Any(Is) ? parts.Select(part => Is(part) ? section : part) : [.. parts, section]));
    }

    public static async Task WriteAsync(string directory, int seed, IReadOnlyCollection<Outcome> outcomes)
    {
        await File.WriteAllTextAsync(
            Path.Combine(directory, "soak.md"),
            $"{Head}\n{string.Join('\n', outcomes.Select(Row))}\n\n{Sum(outcomes)}\n"
        );
        await File.WriteAllTextAsync(
            Path.Combine(directory, "soak.json"),
            JsonSerializer.Serialize(
                new
                {
                    seed,
                    kills = outcomes.Sum(o => o.Kills),
                    holds = outcomes.All(o => o.Holds),
                    runs = outcomes,
                },
                Json
            ) + "\n"
        );
    }
}
