using System.Net;
using System.Text.Json;

namespace EndToEnd.Tests.Clusters.Telemetry;

/// <summary>What operators see of a cluster of real processes: traces, metrics, health and log lines.</summary>
public sealed class TelemetryTests
{
    private const string Listening = "health and metrics: ";

    [Fact]
    public async Task A_group_is_one_trace_over_the_processes_that_worked_for_it()
    {
        using var receiver = new OtlpReceiver();
        await using var cluster = new ClusterProcesses(new SmallRun(Staleness: 1, Updates: 4))
        {
            Common = ["--set", $"telemetry.otlp.endpoint=\"{receiver.Address}\"", "--set", "telemetry.service=test"],
        };
        LineProcess learner = await cluster.StartLearnerAsync("--set", "cluster.name=core");
        LineProcess node = cluster.StartNode("worker");
        Assert.Equal(0, await learner.ExitAsync());
        Assert.Equal(0, await node.ExitAsync());

        IReadOnlyList<OtlpSpan> spans = receiver.Spans;
        Assert.True(receiver.Metrics > 0);
        Assert.All(spans, span => Assert.Equal("test", span.Resource["service.name"]));
        Assert.Single(spans.Select(span => span.Resource["icpo.run"]).Distinct());
        OtlpSpan[] trained = [.. spans.Where(span => span.Name == "icpo.train")];
        Assert.Equal(4 * SmallRun.Groups, trained.Length);
        foreach (IGrouping<string, OtlpSpan> trace in spans.GroupBy(span => span.Trace).Where(t => t.Any(trained.Contains)))
        {
            Assert.Equal(["core"], Nodes(trace, "icpo.group", "icpo.lease", "icpo.admit", "icpo.train"));
            Assert.Equal(["worker"], Nodes(trace, "icpo.rollout", "icpo.verify"));
            Assert.Single(trace, span => span.Parent.Length == 0);
            Assert.Single(spans, span => span.Name == "icpo.update" && span.Links.Contains(trace.Key));
        }

        Assert.Contains("learner", spans.First(span => span.Resource["icpo.node"] == "core").Resource["icpo.roles"]);
    }

    [Fact]
    public async Task Health_and_metrics_are_served_by_core_and_nodes()
    {
        LongTests.Require();
        string[] listen = ["--set", "telemetry.listen=\"127.0.0.1:0\""];
        await using var cluster = new ClusterProcesses(new SmallRun(Staleness: 4, Updates: 400)) { Common = listen };
        LineProcess learner = await cluster.StartLearnerAsync();
        LineProcess worker = cluster.StartNode("worker");
        var lost = LineProcess.Start(["node", "--seed", "127.0.0.1:4", .. listen]);
        using var client = new HttpClient();

        Uri alone = await AddressAsync(lost);
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(client, alone, "healthz/live"));
        Assert.Equal(HttpStatusCode.ServiceUnavailable, await StatusAsync(client, alone, "healthz/ready"));
        await lost.DisposeAsync();

        Uri node = await AddressAsync(worker);
        await UntilAsync(async () => await StatusAsync(client, node, "healthz/ready") == HttpStatusCode.OK);
        await UntilAsync(async () =>
            (await client.GetStringAsync(new Uri(node, "metrics"))).Contains("icpo_node_tokens", StringComparison.Ordinal)
        );
        Uri core = new(learner.Output.Split('\n').First(line => line.Contains(Listening, StringComparison.Ordinal)).Split(Listening)[1]);
        await UntilAsync(async () => await StatusAsync(client, core, "healthz/ready") == HttpStatusCode.OK);
        await UntilAsync(async () =>
            (await client.GetStringAsync(new Uri(core, "metrics"))).Contains("icpo_updates", StringComparison.Ordinal)
        );

        learner.Kill();
        await UntilAsync(async () => await StatusAsync(client, node, "healthz/ready") == HttpStatusCode.ServiceUnavailable);
    }

    [Fact]
    public async Task Log_lines_are_objects_with_node_and_run_on_request()
    {
        LongTests.Require();
        await using var cluster = new ClusterProcesses(new SmallRun(Staleness: 1, Updates: 2))
        {
            Common = ["--set", "telemetry.log-format=json"],
        };
        LineProcess learner = await cluster.StartLearnerAsync("--set", "cluster.name=core");
        LineProcess worker = cluster.StartNode("worker");
        Assert.Equal((0, 0), (await learner.ExitAsync(), await worker.ExitAsync()));
        string[] logged = await File.ReadAllLinesAsync(Path.Combine(cluster.Directory, "run.log"), TestContext.Current.CancellationToken);
        string[] runs =
        [
            .. Lines(worker.Output.Split('\n'), "worker").Where(run => run.Length > 0),
            .. Lines(learner.Output.Split('\n'), "core"),
            .. Lines(logged, "core"),
        ];
        Assert.Single(runs.Distinct());
    }

    [Fact]
    public async Task An_address_that_cannot_be_listened_on_and_a_collector_that_is_away_are_named()
    {
        using var receiver = new OtlpReceiver();
        string taken = receiver.Address["http://".Length..];
        ProcessEnd end = await IcpoProcess.RunAsync("node", "--seed", "127.0.0.1:4", "--set", $"telemetry.listen=\"{taken}\"");
        Assert.Equal(2, end.ExitCode);
        Assert.Contains("icpo.telemetry.listen", Assert.Single(end.Errors.TrimEnd().Split('\n')));

        using var folder = new TemporaryFolder();
        string[] run = new SmallRun(Staleness: 0, Updates: 1).Train(folder.In("run"));
        ProcessEnd away = await IcpoProcess.RunAsync([.. run, "--set", "telemetry.otlp.endpoint=\"http://127.0.0.1:4\""]);
        Assert.Equal(0, away.ExitCode);
        Assert.Contains("127.0.0.1:4", away.Errors);
    }

    /// <summary>The runs that lines name.</summary>
    private static IEnumerable<string> Lines(IEnumerable<string> lines, string node)
    {
        foreach (string line in lines.Where(line => line.Length > 0))
        {
            using var json = JsonDocument.Parse(line);
            Assert.Equal(node, json.RootElement.GetProperty("node").GetString());
            Assert.NotNull(json.RootElement.GetProperty("message").GetString());
            yield return json.RootElement.TryGetProperty("run", out JsonElement run) ? run.GetString()! : "";
        }
    }

    private static IEnumerable<string> Nodes(IEnumerable<OtlpSpan> trace, params string[] names)
    {
        OtlpSpan[] spans = [.. trace];
        Assert.All(names, name => Assert.Contains(spans, span => span.Name == name));
        return spans.Where(span => names.Contains(span.Name)).Select(span => span.Resource["icpo.node"]).Distinct();
    }

    private static async Task<Uri> AddressAsync(LineProcess process) => new((await process.WaitForAsync(Listening)).Split(Listening)[1]);

    private static async Task<HttpStatusCode> StatusAsync(HttpClient client, Uri address, string path)
    {
        using HttpResponseMessage answer = await client.GetAsync(new Uri(address, path));
        return answer.StatusCode;
    }

    /// <summary>Asks until the answer is yes; the deadline of the test's processes ends it otherwise.</summary>
    private static async Task UntilAsync(Func<Task<bool>> ask)
    {
        using var deadline = new CancellationTokenSource(TimeSpan.FromMinutes(1));
        while (!await ask())
        {
            await Task.Delay(TimeSpan.FromMilliseconds(50), deadline.Token);
        }
    }
}
