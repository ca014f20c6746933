using System.Collections.Immutable;
using System.Text.Json;
using System.Text.RegularExpressions;
using ICPO.Actors.Algorithm.Accuracy;
using ICPO.Actors.Configuration.Settings;
using ICPO.Actors.Contracts.Identity;
using ICPO.Actors.Contracts.Nodes;
using ICPO.Actors.Host.Telemetry;
using ICPO.Actors.Metrics.Sinks;

namespace ICPO.Actors.Host.Tests.Telemetry;

/// <summary>The board of <c>deploy/grafana</c> asks for metrics that <c>/metrics</c> has.</summary>
public sealed partial class GrafanaBoardTests
{
    private static readonly string[] Measured =
    [
        "reward/mean",
        "completions/mean_length",
        "staleness/mean",
        "staleness/in_flight",
        "staleness/in_queue",
        "busy/engines",
        "busy/verifiers",
        "frac_reward_zero_std",
        "expert/acceptance_rate",
        "loss",
        "kl",
        "entropy",
        "grad_norm",
        "lr",
        "tokens/generated_per_second",
        "tokens/trained_per_second",
        "tokens/trained",
    ];

    private static readonly EvaluatedQuestion Solved = new("q", ImmutableSortedDictionary<string, string>.Empty, 4, 1, 0);

    [Fact]
    public async Task Every_metric_of_the_board_is_exported()
    {
        using var board = JsonDocument.Parse(File.ReadAllText(Repository.In("deploy", "grafana", "icpo-runs.json")));
        string[] wanted =
        [
            .. Queries(board.RootElement)
                .SelectMany(query => Name().Matches(query).Select(match => match.Value))
                .Distinct()
                .Order(StringComparer.Ordinal),
        ];
        Assert.True(wanted.Length > 15, string.Join(' ', wanted));
        string[] exported = await ExportedAsync();
        Assert.Empty(wanted.Except(exported));
        Assert.Contains("icpo_run=", await ScrapedAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public void Panels_have_ids_of_their_own_queries_and_places_that_do_not_overlap()
    {
        using var board = JsonDocument.Parse(File.ReadAllText(Repository.In("deploy", "grafana", "icpo-runs.json")));
        JsonElement[] panels = [.. board.RootElement.GetProperty("panels").EnumerateArray()];
        Assert.Equal(panels.Length, panels.Select(panel => panel.GetProperty("id").GetInt32()).Distinct().Count());
        Assert.All(panels, panel => Assert.NotEqual(0, panel.GetProperty("targets").GetArrayLength()));
        (int, int)[] cells = [.. panels.SelectMany(panel => Cells(panel.GetProperty("gridPos")))];
        Assert.Equal(cells.Length, cells.Distinct().Count());
        Assert.All(cells, cell => Assert.InRange(cell.Item1, 0, 23));
    }

    private static IEnumerable<(int X, int Y)> Cells(JsonElement place)
    {
        (int x, int y) = (place.GetProperty("x").GetInt32(), place.GetProperty("y").GetInt32());
        return from dx in Enumerable.Range(0, place.GetProperty("w").GetInt32())
            from dy in Enumerable.Range(0, place.GetProperty("h").GetInt32())
            select (x + dx, y + dy);
    }

    private static IEnumerable<string> Queries(JsonElement board) =>
        board
            .GetProperty("panels")
            .EnumerateArray()
            .SelectMany(panel => panel.GetProperty("targets").EnumerateArray())
            .Select(target => target.GetProperty("expr").GetString()!)
            .Concat(
                board
                    .GetProperty("templating")
                    .GetProperty("list")
                    .EnumerateArray()
                    .Select(variable => variable.GetProperty("query").ToString())
            );

    private static async Task<string[]> ExportedAsync() =>
        [
            .. (await ScrapedAsync())
                .Split('\n')
                .Where(line => line.Length > 0 && line[0] != '#')
                .Select(line => Name().Match(line).Value)
                .Distinct(),
        ];

    private static async Task<string> ScrapedAsync()
    {
        var address = new TaskCompletionSource<string>();
        var identity = new TelemetryIdentity("icpo", "node", [], "measured");
        var server = new MonitoringServer(
            new ListenAddress("127.0.0.1", 0),
            identity,
            () => true,
            text => address.TrySetResult(text.Split(' ')[^1])
        );
        await server.StartAsync(TestContext.Current.CancellationToken);
        try
        {
            using var sink = new MeterSink("measured");
            sink.Update(new UpdateRecord(new PolicyVersion(1), 1.5, Measured.ToDictionary(name => name, _ => 0.5), Batch: null!));
            sink.Evaluation(new EvaluationRecord(new PolicyVersion(1), 2, new EvaluationReport([Solved], 0)));
            sink.Fault(
                new WorkerFault
                {
                    Worker = "engine",
                    Role = NodeRole.Rollout,
                    Epoch = new LearnerEpoch(1),
                    Number = 1,
                    Reason = "a reason",
                    Pause = TimeSpan.Zero,
                }
            );
            sink.LeasedAgain(1);
            using var client = new HttpClient();
            return await client.GetStringAsync($"{await address.Task}/metrics", TestContext.Current.CancellationToken);
        }
        finally
        {
            await server.StopAsync(TestContext.Current.CancellationToken);
        }
    }

    /// <summary>A metric, but not the label of a run.</summary>
    [GeneratedRegex(@"\bicpo_(?!run\b)[a-z0-9_]+")]
    private static partial Regex Name();
}
