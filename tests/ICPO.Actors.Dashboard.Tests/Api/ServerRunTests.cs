using System.Text.Json;
using ICPO.Actors.RunFiles.Restoring;

namespace ICPO.Actors.Dashboard.Tests.Api;

/// <summary>A run of which only the journal on a PostgreSQL server is at hand. Skipped where PostgreSQL is not installed.</summary>
public sealed class ServerRunTests
{
    [Fact]
    public async Task A_journal_on_a_server_shows_what_the_run_directory_shows()
    {
        Assert.SkipWhen(PostgresServer.Missing is not null, PostgresServer.Missing ?? "");
        await using PostgresServer server = await PostgresServer.StartAsync();
        await using ServedRuns files = await ServedRuns.StartAsync(runs: new GeneratedRun());
        await UploadedRun.StoreAsync(server, files.Folder.In("run0"), "stored");
        var time = new ManualTime();
        await using ServedRuns served = await ServedRuns.StartAsync(time: time);
        served.Server.ShowJournal(server.Uri, "stored");
        (string there, string here) = (await served.FirstAsync(), await files.FirstAsync());
        foreach (
            string path in new[]
            {
                "ledger",
                "updates",
                "updates/3",
                "groups/7",
                "groups/7/policy/1/tokens",
                "rollouts?fate=consumed&limit=200",
                "series?name=loss&name=accuracy&x=seconds",
                "timeline",
                "events",
                "nodes",
            }
        )
        {
            JsonElement expected = await files.GetAsync($"api/runs/{here}/{path}");
            Assert.Equal(expected.GetRawText(), (await served.GetAsync($"api/runs/{there}/{path}")).GetRawText());
        }

        JsonElement run = await served.GetAsync($"api/runs/{there}");
        Assert.Equal(
            ("completed", 5L, true),
            (run.GetProperty("state").GetString(), Update(run), run.GetProperty("on_server").GetBoolean())
        );
        Assert.Empty(run.GetProperty("problems").EnumerateArray());

        // The run is extended elsewhere.
        var line = new RunLine(RunLineKinds.Update, 6, """{"kind":"update","update":6,"seconds":12,"loss":1}""");
        await UploadedRun.NoteAsync(server, "stored", line);
        time.Advance(TimeSpan.FromSeconds(5));
        Assert.Equal(6, Update(await served.GetAsync($"api/runs/{there}")));
    }

    [Fact]
    public async Task A_run_that_the_server_does_not_have_is_an_error_that_names_those_it_has()
    {
        Assert.SkipWhen(PostgresServer.Missing is not null, PostgresServer.Missing ?? "");
        await using PostgresServer server = await PostgresServer.StartAsync();
        await using ServedRuns served = await ServedRuns.StartAsync(runs: new GeneratedRun());
        Assert.Throws<IOException>(() => served.Server.ShowJournal(server.Uri));
        await UploadedRun.StoreAsync(server, served.Folder.In("run0"), "stored");
        string message = Assert.Throws<IOException>(() => served.Server.ShowJournal(server.Uri, "stored", "absent")).Message;
        Assert.Contains("absent", message, StringComparison.Ordinal);
        Assert.Contains("stored", message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => served.Server.ShowJournal("Data Source=journal.db"));
        served.Server.ShowJournal(server.Uri);
        Assert.Equal(2, (await served.GetAsync("api/runs")).GetProperty("runs").GetArrayLength());

        // The list stays when the server is gone, and says so.
        await server.DownAsync();
        JsonElement[] runs = [.. (await served.GetAsync("api/runs")).GetProperty("runs").EnumerateArray()];
        Assert.Equal(2, runs.Length);
    }

    private static long Update(JsonElement run) => run.GetProperty("update").GetInt64();
}
