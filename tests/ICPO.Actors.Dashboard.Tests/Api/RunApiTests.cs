using System.Net;
using System.Text.Json;
using ICPO.Actors.RunFiles.Directories;
using ICPO.Actors.RunFiles.History;

namespace ICPO.Actors.Dashboard.Tests.Api;

/// <summary>What the page reads of a run that was killed: half a line at the end of its files, no summary, no lock.</summary>
public sealed class RunApiTests
{
    [Fact]
    public async Task A_killed_run_is_listed_with_what_its_files_hold()
    {
        await using ServedRuns served = await ServedRuns.StartAsync(runs: new GeneratedRun());
        JsonElement run = (await served.GetAsync("api/runs")).GetProperty("runs")[0];
        Assert.Equal("dead", run.GetProperty("state").GetString());
        Assert.Equal(5, run.GetProperty("update").GetInt64());
        Assert.Equal(5, run.GetProperty("updates").GetInt64());
        Assert.Equal(10, run.GetProperty("seconds").GetDouble());
        Assert.Equal(0.25, run.GetProperty("accuracy_before").GetDouble());
        Assert.Equal(0.75, run.GetProperty("accuracy").GetDouble());
        Assert.Empty(run.GetProperty("problems").EnumerateArray());
        string[] kinds =
        [
            .. (await served.GetAsync($"api/runs/{run.GetProperty("id")}/events"))
                .GetProperty("events")
                .EnumerateArray()
                .Select(line => line.GetProperty("kind").GetString()!),
        ];
        Assert.Equal(["health", "worker-fault", "started"], kinds);
    }

    [Fact]
    public async Task Nodes_are_those_of_the_file_and_faults_those_of_the_events()
    {
        await using ServedRuns served = await ServedRuns.StartAsync(runs: new GeneratedRun());
        string id = await served.FirstAsync();
        JsonElement nodes = await served.GetAsync($"api/runs/{id}/nodes");
        JsonElement[] listed = [.. nodes.GetProperty("nodes").EnumerateArray()];
        Assert.Equal(["node-a", "node-b"], listed.Select(node => node.GetProperty("name").GetString()!));
        Assert.Equal([1, 1], listed.Select(node => node.GetProperty("behind").GetInt64()));
        Assert.Equal([JsonValueKind.Null, JsonValueKind.String], listed.Select(node => node.GetProperty("left").ValueKind));
        Assert.Equal(1, nodes.GetProperty("fault_count").GetInt32());

        string file = served.Folder.In("run0/nodes.json");
        await File.WriteAllTextAsync(file, "{\"nodes\":[null]}", TestContext.Current.CancellationToken);
        Assert.Throws<InvalidDataException>(() => NodeRecords.Read(new RunDirectory(served.Folder.In("run0"))));
        File.Delete(file);
        Assert.Null(NodeRecords.Read(new RunDirectory(served.Folder.In("run0"))));
    }

    [Fact]
    public async Task An_active_run_has_an_estimate_of_its_end()
    {
        await using ServedRuns served = await ServedRuns.StartAsync(runs: new GeneratedRun { Planned = 8 });
        using var owned = RunLock.Take(new RunDirectory(served.Folder.In("run0")), TimeProvider.System);
        JsonElement run = (await served.GetAsync("api/runs")).GetProperty("runs")[0];
        Assert.Equal("running", run.GetProperty("state").GetString());

        // Three updates of two seconds.
        Assert.Equal(6, run.GetProperty("seconds_left").GetDouble());
    }

    [Fact]
    public async Task Runs_that_appear_later_are_found_and_others_do_not_hide_them()
    {
        await using ServedRuns served = await ServedRuns.StartAsync(runs: new GeneratedRun());
        string broken = served.Folder.Folder("broken");
        await File.WriteAllTextAsync(Path.Combine(broken, "effective.conf"), "not { hocon", TestContext.Current.CancellationToken);
        served.Server.Show(served.Folder.Path);
        JsonElement[] runs = [.. (await served.GetAsync("api/runs")).GetProperty("runs").EnumerateArray()];
        Assert.Equal(2, runs.Length);
        JsonElement unreadable = Assert.Single(runs, run => run.GetProperty("directory").GetString() == broken);
        Assert.Single(unreadable.GetProperty("problems").EnumerateArray());
        Assert.Equal(HttpStatusCode.ServiceUnavailable, await served.StatusAsync($"api/runs/{unreadable.GetProperty("id")}/ledger"));
    }

    [Fact]
    public async Task Series_have_current_names_and_both_x_axes()
    {
        await using ServedRuns served = await ServedRuns.StartAsync(runs: new GeneratedRun());
        string id = await served.FirstAsync();
        string[] names =
        [
            .. (await served.GetAsync($"api/runs/{id}/metrics")).GetProperty("names").EnumerateArray().Select(name => name.GetString()!),
        ];
        Assert.Equal(
            ["accuracy", "entropy/policy", "loss", "reward/mean", "seconds/update", "staleness/mean"],
            names.Order(StringComparer.Ordinal)
        );
        JsonElement series = (
            await served.GetAsync($"api/runs/{id}/series?name=entropy/policy&name=accuracy&name=absent&x=seconds")
        ).GetProperty("series");
        Assert.Equal([2, 4, 6, 8, 10], Numbers(series.GetProperty("entropy/policy").GetProperty("x")));
        Assert.Equal([1, 0.5, 0.3333333, 0.25, 0.2], Numbers(series.GetProperty("entropy/policy").GetProperty("y")));
        Assert.Equal([0.25, 0.75], Numbers(series.GetProperty("accuracy").GetProperty("y")));
        Assert.InRange(Numbers(series.GetProperty("accuracy").GetProperty("min"))[0], 0.1, 0.24);
        Assert.Empty(Numbers(series.GetProperty("absent").GetProperty("x")));
    }

    [Theory]
    [InlineData("series?name=loss&points=100000000")]
    [InlineData("rollouts?limit=-1")]
    [InlineData("rollouts?origin=neither")]
    [InlineData("rollouts?fate=1")]
    [InlineData("rollouts?start=x")]
    [InlineData("updates?before=99999999999999999999999")]
    public async Task An_invalid_parameter_is_an_error_of_the_request(string path)
    {
        await using ServedRuns served = await ServedRuns.StartAsync(runs: new GeneratedRun());
        Assert.Equal(HttpStatusCode.BadRequest, await served.StatusAsync($"api/runs/{await served.FirstAsync()}/{path}"));
    }

    [Theory]
    [InlineData("api/runs/none")]
    [InlineData("api/runs/..%2f..%2fetc/ledger")]
    [InlineData("api/none")]
    [InlineData("none.js")]
    [InlineData("..%2f..%2fetc/passwd")]
    public async Task Other_addresses_are_not_found(string path)
    {
        await using ServedRuns served = await ServedRuns.StartAsync(runs: new GeneratedRun());
        Assert.Equal(HttpStatusCode.NotFound, await served.StatusAsync(path));
    }

    private static double[] Numbers(JsonElement array) => [.. array.EnumerateArray().Select(value => value.GetDouble())];
}
