using System.Globalization;
using System.Text.Json;

namespace ICPO.Actors.Soak;

/// <summary>Outcomes as Markdown and JSON.</summary>
internal static class SoakTable
{
    private const string Head = """
        | run | η | seed | kills | killed after (s) | server kills | starts | updates | admitted | trained | lost | twice | redone (last start) | ledger | weights as unkilled |
        |---|---|---|---|---|---|---|---|---|---|---|---|---|---|---|
        """;

    private static readonly JsonSerializerOptions Json = new()
    {
        WriteIndented = true,
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
    };

    public static string Row(Outcome o) =>
        string.Create(
            CultureInfo.InvariantCulture,
            $"| {o.Run} | {o.Staleness} | {o.Seed} | {o.Kills} | {string.Join(", ", o.KilledAt.Select(at => at.ToString("0.0", CultureInfo.InvariantCulture)))} | {o.ServerKills} | {o.Starts} | {o.Updates} | {o.Admitted} | {o.Trained} | {o.Lost} | {o.TrainedTwice} | {o.Redone} in {o.RecoverySeconds:0.0} s | {(o.LedgerCloses ? "closes" : "**open**")} | {(o.SameWeights is { } same ? same ? "yes" : "**no**" : "–")} |{(o.Holds ? "" : $" {string.Join("; ", o.Findings)}")}"
        );

    public static string Sum(IReadOnlyCollection<Outcome> outcomes) =>
        $"{outcomes.Sum(o => o.Kills)} kills {(outcomes.Any(o => o.ServerKills > 0) ? $"(and {outcomes.Sum(o => o.ServerKills)} of the server) " : "")}in {outcomes.Count} runs: {outcomes.Count(o => o.Holds)} runs ended as they must, {outcomes.Sum(o => o.Lost)} admitted groups lost, "
        + $"{outcomes.Sum(o => o.TrainedTwice)} trained twice, {outcomes.Count(o => o.LedgerCloses)} ledgers close, "
        + $"{outcomes.Count(o => o.SameWeights == true)} of {outcomes.Count(o => o.SameWeights is not null)} synchronous runs end with the weights of a run that was not killed.";

    /// <summary>Puts the table where the database's part of a page is, or at its end.</summary>
    public static void WriteResults(string path, string database, string command, IReadOnlyCollection<Outcome> outcomes)
    {
        string page = File.Exists(path) ? File.ReadAllText(path) : "";
        string[] parts =
            page.Length > 0
                ? [.. $"\n{page}".Split("\n# ", StringSplitOptions.RemoveEmptyEntries).Select(part => $"# {part.TrimEnd()}\n")]
                : [];
        string server = outcomes.Any(o => o.ServerKills > 0)
            ? " The server is killed (`kill -9`) too, at instants of its own, in every other start, and started again."
            : "";
        string made = $"""
            # {outcomes.Sum(o => o.Kills)} kills on {database}

            ```sh
            {command}
            ```

            Real processes, `kill -9` at random instants of a run, then on to its end; η alternates between 0 and 1.{server} {Environment.ProcessorCount} cores, other work on the machine not excluded.

            {Head}
            {string.Join('\n', outcomes.Select(Row))}

            {Sum(outcomes)}

            """;
        bool Is(string part) => part.Split('\n')[0].EndsWith($" on {database}", StringComparison.Ordinal);
        File.WriteAllText(path, string.Join('\n', parts.Any(Is) ? parts.Select(part => Is(part) ? made : part) : [.. parts, made]));
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
