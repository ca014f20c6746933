using System.Globalization;
using System.Text.Json;

namespace EndToEnd.Tests.Deployment;

/// <summary>A Prometheus server of Debian's package, with <c>deploy/grafana/prometheus.yml</c> on other ports.</summary>
internal sealed class PrometheusServer : IAsyncDisposable
{
    private static readonly TimeSpan Deadline = TimeSpan.FromMinutes(2);
    private readonly LineProcess _process;
    private readonly HttpClient _client;

    private PrometheusServer(LineProcess process, int port) =>
        (_process, _client) = (process, new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{port}/api/v1/") });

    /// <summary>The program; null if it is not installed.</summary>
    public static string? Program =>
        (Environment.GetEnvironmentVariable("PATH") ?? "")
            .Split(Path.PathSeparator)
            .Select(folder => Path.Combine(folder, "prometheus"))
            .FirstOrDefault(File.Exists);

    /// <summary>Starts a server that scrapes each second.</summary>
    /// <param name="folder">For its configuration and data.</param>
    /// <param name="target">Host and port of the run.</param>
    public static async Task<PrometheusServer> StartAsync(TemporaryFolder folder, string target)
    {
        string configuration = await File.ReadAllTextAsync(Path.Combine(DeployFiles.Folder, "grafana", "prometheus.yml"));
        string[] fixedParts = ["127.0.0.1:9464\"]", "scrape_interval: 5s"];
        Assert.All(fixedParts, part => Assert.Contains(part, configuration, StringComparison.Ordinal));
        configuration = configuration
            .Replace(fixedParts[0], $"{target}\"]", StringComparison.Ordinal)
            .Replace(fixedParts[1], "scrape_interval: 1s", StringComparison.Ordinal);
        int port = FreePorts.Take(1)[0];
        var process = LineProcess.StartProgram(
            Program!,
            $"--config.file={folder.Write("prometheus.yml", configuration)}",
            $"--storage.tsdb.path={folder.Folder("prometheus")}",
            $"--web.listen-address=127.0.0.1:{port}"
        );
        await process.WaitForAsync("Server is ready to receive web requests");
        return new PrometheusServer(process, port);
    }

    /// <summary>The samples that a query returns now: labels and value of each.</summary>
    public async Task<(IReadOnlyDictionary<string, string> Labels, double Value)[]> QueryAsync(string query) =>
        [
            .. (await GetAsync($"query?query={Uri.EscapeDataString(query)}"))
                .GetProperty("result")
                .EnumerateArray()
                .Select(sample =>
                    (
                        (IReadOnlyDictionary<string, string>)
                            sample
                                .GetProperty("metric")
                                .EnumerateObject()
                                .ToDictionary(label => label.Name, label => label.Value.GetString()!),
                        double.Parse(sample.GetProperty("value")[1].GetString()!, CultureInfo.InvariantCulture)
                    )
                ),
        ];

    /// <summary>The values of a label among the series that a selector matches.</summary>
    public async Task<string[]> LabelValuesAsync(string selector, string label) =>
        [
            .. (await GetAsync($"label/{label}/values?match[]={Uri.EscapeDataString(selector)}"))
                .EnumerateArray()
                .Select(value => value.GetString()!),
        ];

    /// <summary>Returns once a query has a result.</summary>
    /// <exception cref="TimeoutException">It has none in time.</exception>
    public async Task UntilAsync(string query)
    {
        using var deadline = new CancellationTokenSource(Deadline);
        while ((await QueryAsync(query)).Length == 0)
        {
            try
            {
                await Task.Delay(TimeSpan.FromMilliseconds(100), deadline.Token);
            }
            catch (OperationCanceledException)
            {
                throw new TimeoutException($"No result of {query} within {Deadline}:\n{_process.Output}");
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        await _process.DisposeAsync();
    }

    private async Task<JsonElement> GetAsync(string address)
    {
        using HttpResponseMessage response = await _client.GetAsync(address, TestContext.Current.CancellationToken);
        string text = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        Assert.True(response.IsSuccessStatusCode, $"{address}: {text}");
        return JsonElement.Parse(text).GetProperty("data");
    }
}
