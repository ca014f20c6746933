using System.Net;
using System.Text.Json;
using ICPO.Actors.Configuration.Settings;

namespace ICPO.Actors.Dashboard.Tests;

/// <summary>A dashboard over a temporary folder of runs, on a free port.</summary>
internal sealed class ServedRuns : IAsyncDisposable
{
    private ServedRuns(TemporaryFolder folder, DashboardServer server)
    {
        (Folder, Server) = (folder, server);
        Client = new HttpClient(new HttpClientHandler { AllowAutoRedirect = false, UseCookies = false })
        {
            BaseAddress = new Uri(server.Address.GetLeftPart(UriPartial.Authority)),
        };
    }

    public TemporaryFolder Folder { get; }

    public DashboardServer Server { get; }

    public HttpClient Client { get; }

    public static async Task<ServedRuns> StartAsync(string? key = null, TimeProvider? time = null, params GeneratedRun[] runs)
    {
        var folder = new TemporaryFolder();
        foreach ((int index, GeneratedRun run) in runs.Index())
        {
            run.Write(folder.In($"run{index}"));
        }

        DashboardServer server = await DashboardServer.StartAsync(
            new DashboardOptions
            {
                Listen = new ListenAddress("127.0.0.1", 0),
                Key = key,
                OpenTokenizer = _ => new LetterTokenizer(),
                Time = time ?? TimeProvider.System,
            },
            TestContext.Current.CancellationToken
        );
        server.Show(folder.Path);
        return new ServedRuns(folder, server);
    }

    /// <summary>The id of the first run.</summary>
    public async Task<string> FirstAsync() => (await GetAsync("api/runs")).GetProperty("runs")[0].GetProperty("id").GetString()!;

    /// <summary>A successful answer.</summary>
    public async Task<JsonElement> GetAsync(string path)
    {
        using HttpResponseMessage answer = await Client.GetAsync(path, TestContext.Current.CancellationToken);
        string text = await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        Assert.True(answer.StatusCode == HttpStatusCode.OK, $"{path}: {answer.StatusCode} {text}");
        return JsonElement.Parse(text);
    }

    /// <summary>The status of an answer.</summary>
    public async Task<HttpStatusCode> StatusAsync(string path)
    {
        using HttpResponseMessage answer = await Client.GetAsync(path, TestContext.Current.CancellationToken);
        return answer.StatusCode;
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await Server.DisposeAsync();
        Folder.Dispose();
    }
}
