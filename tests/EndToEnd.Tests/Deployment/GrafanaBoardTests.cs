using System.Text.Json;
using System.Text.RegularExpressions;

namespace EndToEnd.Tests.Deployment;

/// <summary>The board of <c>deploy/grafana</c> over a real Prometheus server that scrapes a real run.</summary>
public sealed partial class GrafanaBoardTests
{
    /// <summary>Scrapes that a rate needs, and some more.</summary>
    private const int Scrapes = 5;

    [Fact]
    public async Task Every_panel_has_data_of_the_run()
    {
        LongTests.Require();
        Assert.SkipWhen(PrometheusServer.Program is null, "Prometheus is not installed (apt-get install prometheus).");
        using var folder = new TemporaryFolder();
        using var board = JsonDocument.Parse(
            await File.ReadAllTextAsync(
                Path.Combine(DeployFiles.Folder, "grafana", "icpo-runs.json"),
                TestContext.Current.CancellationToken
            )
        );

        // The run is far from its end when the queries are made; it is killed with the test.
        await using var run = LineProcess.Start([
            .. new SmallRun(Staleness: 1, Updates: 100_000).Train(folder.In("run")),
            "--set",
            "evaluation.at-start=true",
            "--set",
            "evaluation.questions=8",
            "--set",
            "objective.kl-coefficient=0.001", // The KL divergence is computed only with it.
            "--set",
            "telemetry.listen=127.0.0.1:0",
        ]);
        string listening = await run.WaitForAsync("health and metrics: ");
        string target = new Uri(listening.Split(' ')[^1]).Authority;
        await using PrometheusServer prometheus = await PrometheusServer.StartAsync(folder, target);
        await prometheus.UntilAsync($"count_over_time(icpo_updates_total[1h]) >= {Scrapes} and icpo_updates_total > 1");

        JsonElement variable = board
            .RootElement.GetProperty("templating")
            .GetProperty("list")
            .EnumerateArray()
            .Single(one => one.GetProperty("name").GetString() == "run");
        Match values = LabelValues().Match(variable.GetProperty("definition").GetString()!);
        string id = Assert.Single(await prometheus.LabelValuesAsync(values.Groups[1].Value, values.Groups[2].Value));

        List<string> problems = [];
        foreach ((string panel, string query, string legend) in Queries(board.RootElement))
        {
            foreach (string selected in new[] { variable.GetProperty("allValue").GetString()!, id })
            {
                (IReadOnlyDictionary<string, string> Labels, double Value)[] samples = await prometheus.QueryAsync(
                    query.Replace("$run", selected, StringComparison.Ordinal)
                );
                problems.AddRange(
                    samples.Length == 0 ? [$"{panel}: no data of {query} for the run {selected}"]
                    : !samples.All(sample => double.IsFinite(sample.Value)) ? [$"{panel}: a value of {query} is not a number"]
                    : Label()
                        .Matches(legend)
                        .Select(label => label.Groups[1].Value)
                        .Where(label => samples.Any(sample => !sample.Labels.ContainsKey(label)))
                        .Select(label => $"{panel}: a sample of {query} has no label {label} for its legend")
                );
            }
        }

        Assert.Empty(problems);
    }

    private static IEnumerable<(string Panel, string Query, string Legend)> Queries(JsonElement board) =>
        from panel in board.GetProperty("panels").EnumerateArray()
        from target in panel.GetProperty("targets").EnumerateArray()
        select (
            panel.GetProperty("title").GetString()!,
            target.GetProperty("expr").GetString()!,
            target.GetProperty("legendFormat").GetString()!
        );

    [GeneratedRegex(@"^label_values\(([a-z_]+), ([a-z_]+)\)$")]
    private static partial Regex LabelValues();

    [GeneratedRegex(@"\{\{([a-z_]+)\}\}")]
    private static partial Regex Label();
}
