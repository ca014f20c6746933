using System.Security.Cryptography;
using System.Text.Json;

namespace ICPO.Actors.Dashboard.Tests.Api;

/// <summary>Runs that are being written, and files that must stay as they are.</summary>
public sealed class LiveTests
{
    [Fact]
    public async Task The_stream_sends_a_run_again_when_its_metrics_have_grown()
    {
        await using ServedRuns served = await ServedRuns.StartAsync(runs: new GeneratedRun());
        string id = await served.FirstAsync();
        using var stopped = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        stopped.CancelAfter(TimeSpan.FromMinutes(1));
        using HttpResponseMessage answer = await served.Client.GetAsync(
            $"api/runs/{id}/stream",
            HttpCompletionOption.ResponseHeadersRead,
            stopped.Token
        );
        Assert.Equal("text/event-stream", answer.Content.Headers.ContentType?.MediaType);
        using var lines = new StreamReader(await answer.Content.ReadAsStreamAsync(stopped.Token));
        Assert.Equal(5, await NextUpdateAsync(lines, stopped.Token));

        // The line that the killed process has left is ended first, as a run does that is resumed.
        await File.AppendAllTextAsync(
            served.Folder.In("run0/metrics.jsonl"),
            "\n{\"kind\":\"update\",\"update\":6,\"seconds\":12,\"loss\":1}\n",
            stopped.Token
        );
        Assert.Equal(6, await NextUpdateAsync(lines, stopped.Token));
        JsonElement run = await served.GetAsync($"api/runs/{id}");
        Assert.Equal(1, run.GetProperty("broken_lines").GetInt32());
    }

    [Fact]
    public async Task Nothing_that_a_killed_run_has_left_is_changed()
    {
        await using ServedRuns served = await ServedRuns.StartAsync();
        string run = served.Folder.In("stored");
        Copy(Repository.In("tests", "EndToEnd.Tests", "StoredRun", "run"), run);
        Dictionary<string, string> before = Hashes(run);
        served.Server.Show(run);
        string id = await served.FirstAsync();
        JsonElement ledger = await served.GetAsync($"api/runs/{id}/ledger");
        Assert.True(ledger.GetProperty("closes").GetBoolean());
        Assert.Equal(5, ledger.GetProperty("committed").GetInt64());
        Assert.NotEmpty((await served.GetAsync($"api/runs/{id}/rollouts")).GetProperty("groups").EnumerateArray());
        Assert.NotEmpty((await served.GetAsync($"api/runs/{id}/updates/5")).GetProperty("groups").EnumerateArray());
        Assert.Equal(before, Hashes(run));
    }

    private static async Task<long> NextUpdateAsync(StreamReader lines, CancellationToken cancellationToken)
    {
        while (await lines.ReadLineAsync(cancellationToken) is { } line)
        {
            if (line.StartsWith("data: ", StringComparison.Ordinal))
            {
                return JsonElement.Parse(line["data: ".Length..]).GetProperty("update").GetInt64();
            }
        }

        throw new EndOfStreamException();
    }

    private static void Copy(string from, string to)
    {
        foreach (string file in Directory.GetFiles(from, "*", SearchOption.AllDirectories))
        {
            string target = Path.Combine(to, Path.GetRelativePath(from, file));
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            File.Copy(file, target);
        }
    }

    private static Dictionary<string, string> Hashes(string folder) =>
        Directory
            .GetFiles(folder, "*", SearchOption.AllDirectories)
            .ToDictionary(
                file => Path.GetRelativePath(folder, file),
                file => Convert.ToHexString(SHA256.HashData(File.ReadAllBytes(file)))
            );
}
