using System.Globalization;
using System.Text.Json;

namespace ICPO.Actors.Soak;

/// <summary>Outcomes as Markdown and JSON.</summary>
internal static class SoakTable
{
    private const string Head = """
        | run | η | seed | kills | killed after (s) | starts | updates | admitted | trained | lost | twice | redone (last start) | ledger | weights as unkilled |
        |---|---|---|---|---|---|---|---|---|---|---|---|---|---|
        """;

    private static readonly JsonSerializerOptions _json = new() { WriteIndented = true, PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower };

    public static string Row(Outcome o) => string.Create(CultureInfo.InvariantCulture,
        $"| {o.Run} | {o.Staleness} | {o.Seed} | {o.Kills} | {string.Join(", ", o.KilledAt.Select(at => at.ToString("0.0", CultureInfo.InvariantCulture)))} | {o.Starts} | {o.Updates} | {o.Admitted} | {o.Trained} | {o.Lost} | {o.TrainedTwice} | {o.Redone} in {o.RecoverySeconds:0.0} s | {(o.LedgerCloses ? "closes" : "**open**")} | {(o.SameWeights is { } same ? same ? "yes" : "**no**" : "–")} |{(o.Holds ? "" : $" {string.Join("; ", o.Findings)}")}");

    public static string Sum(IReadOnlyCollection<Outcome> outcomes) =>
        $"{outcomes.Sum(o => o.Kills)} kills in {outcomes.Count} runs: {outcomes.Count(o => o.Holds)} runs ended as they must, {outcomes.Sum(o => o.Lost)} admitted groups lost, "
        + $"{outcomes.Sum(o => o.TrainedTwice)} trained twice, {outcomes.Count(o => o.LedgerCloses)} ledgers close, "
        + $"{outcomes.Count(o => o.SameWeights == true)} of {outcomes.Count(o => o.SameWeights is not null)} synchronous runs end with the weights of a run that was not killed.";

    public static async Task WriteAsync(string directory, int seed, IReadOnlyCollection<Outcome> outcomes)
    {
        await File.WriteAllTextAsync(Path.Combine(directory, "soak.md"), $"{Head}\n{string.Join('\n', outcomes.Select(Row))}\n\n{Sum(outcomes)}\n");
        await File.WriteAllTextAsync(Path.Combine(directory, "soak.json"), JsonSerializer.Serialize(
            new { seed, kills = outcomes.Sum(o => o.Kills), holds = outcomes.All(o => o.Holds), runs = outcomes }, _json) + "\n");
    }
}
