using System.Net;
using System.Text.Json;

namespace ICPO.Actors.Dashboard.Tests.Api;

/// <summary>Rollouts, ledger and lineage from the journal.</summary>
public sealed class JournalApiTests
{
    [Theory]
    [InlineData("", 33)]
    [InlineData("order=oldest", 33)]
    [InlineData("verdict=correct", 20)]
    [InlineData("verdict=Wrong&fate=consumed", 10)]
    [InlineData("update=2", 6)]
    [InlineData("fate=rejected", 3)]
    [InlineData("text=RESPONSE 3/", 3)]
    [InlineData("text=dropped response", 1)]
    [InlineData("version=1", 8)]
    [InlineData("origin=expert", 0)]
    public async Task Pages_hold_every_rollout_that_passes_once(string filter, int expected)
    {
        await using ServedRuns served = await ServedRuns.StartAsync(runs: new GeneratedRun());
        string id = await served.FirstAsync();
        List<string> found = [];
        long? next = 0;
        while (next is { } start)
        {
            JsonElement page = await served.GetAsync($"api/runs/{id}/rollouts?{filter}&limit=4&start={start}");
            foreach (JsonElement group in page.GetProperty("groups").EnumerateArray())
            {
                found.AddRange(
                    group
                        .GetProperty("rollouts")
                        .EnumerateArray()
                        .Concat(group.GetProperty("dropped").EnumerateArray())
                        .Select(rollout => $"{group.GetProperty("group")} {rollout.GetProperty("origin")} {rollout.GetProperty("sibling")}")
                );
            }

            next = page.GetProperty("next") is { ValueKind: JsonValueKind.Number } more ? more.GetInt64() : null;
            Assert.True(next is null || next > start);
        }

        Assert.Equal(expected, found.Count);
        Assert.Equal(expected, found.Distinct().Count());
    }

    [Fact]
    public async Task A_group_has_its_texts_verdicts_and_staleness_in_two_parts()
    {
        await using ServedRuns served = await ServedRuns.StartAsync(runs: new GeneratedRun());
        JsonElement group = await served.GetAsync($"api/runs/{await served.FirstAsync()}/groups/7");
        Assert.Equal("consumed", group.GetProperty("fate").GetString());
        Assert.Equal((4, 2, 3), (Long(group, "update"), Long(group, "dispatched_at"), Long(group, "admitted_at")));
        JsonElement rollout = group.GetProperty("rollouts")[1];
        Assert.Equal($"response 7/1 {GeneratedRun.Hostile}", rollout.GetProperty("text").GetString());
        Assert.Equal("wrong", rollout.GetProperty("verdict").GetString());
        Assert.Equal("41", rollout.GetProperty("extracted").GetString());
        Assert.Equal((1, 1, 0), (Long(rollout, "staleness"), Long(rollout, "in_flight"), Long(rollout, "in_queue")));
        Assert.Equal(
            [(2, 3), (3, 3)],
            rollout.GetProperty("versions").EnumerateArray().Select(v => (Long(v, "version"), Long(v, "tokens")))
        );
    }

    [Fact]
    public async Task Tokens_of_a_rollout_have_text_probability_and_weights()
    {
        await using ServedRuns served = await ServedRuns.StartAsync(runs: new GeneratedRun());
        JsonElement tokens = await served.GetAsync($"api/runs/{await served.FirstAsync()}/groups/7/policy/1/tokens?from=2&count=3");
        Assert.Equal(6, tokens.GetProperty("total").GetInt32());
        Assert.Equal([.. "cde".Select(letter => (int)letter)], tokens.GetProperty("ids").EnumerateArray().Select(id => id.GetInt32()));
        Assert.Equal([-0.5, -0.75, -1], tokens.GetProperty("log_probs").EnumerateArray().Select(value => value.GetDouble()));
        Assert.Equal([2, 3, 3], tokens.GetProperty("versions").EnumerateArray().Select(value => value.GetInt64()));
        Assert.Equal(3, tokens.GetProperty("texts").GetArrayLength());
    }

    [Fact]
    public async Task The_ledger_closes_and_its_rows_add_up()
    {
        await using ServedRuns served = await ServedRuns.StartAsync(runs: new GeneratedRun());
        JsonElement ledger = await served.GetAsync($"api/runs/{await served.FirstAsync()}/ledger");
        Assert.True(ledger.GetProperty("closes").GetBoolean());
        long[] rollouts = [.. ledger.GetProperty("rows").EnumerateArray().Select(row => Long(row, "rollouts"))];
        Assert.Equal(33, rollouts[0]);
        Assert.Equal(rollouts[0], rollouts[1..].Sum());
    }

    [Fact]
    public async Task An_update_leads_to_its_groups_rollouts_and_weights()
    {
        await using ServedRuns served = await ServedRuns.StartAsync(runs: new GeneratedRun());
        string id = await served.FirstAsync();
        JsonElement page = await served.GetAsync($"api/runs/{id}/updates?before=4&limit=2");
        Assert.Equal([3, 2], page.GetProperty("updates").EnumerateArray().Select(update => Long(update, "update")));
        Assert.Equal(2, Long(page, "next"));
        JsonElement update = await served.GetAsync($"api/runs/{id}/updates/3");
        Assert.Equal([4, 5], update.GetProperty("groups").EnumerateArray().Select(group => Long(group, "group")));
        Assert.Equal(1, update.GetProperty("in_flight").GetDouble());
        Assert.Equal(0, update.GetProperty("in_queue").GetDouble());
        Assert.Equal(HttpStatusCode.NotFound, await served.StatusAsync($"api/runs/{id}/updates/6"));
        Assert.Equal(HttpStatusCode.NotFound, await served.StatusAsync($"api/runs/{id}/groups/600"));
    }

    [Fact]
    public async Task The_timeline_splits_staleness_and_knows_the_learners_share()
    {
        await using ServedRuns served = await ServedRuns.StartAsync(runs: new GeneratedRun());
        JsonElement timeline = await served.GetAsync($"api/runs/{await served.FirstAsync()}/timeline");
        Assert.Equal([0.75, 0.75, 0.75, 0.75], Numbers(timeline.GetProperty("busy").GetProperty("learner").GetProperty("y")));
        Assert.Equal([0, 1, 1, 1, 1], Numbers(timeline.GetProperty("staleness").GetProperty("in_flight").GetProperty("y")));
        Assert.Equal([0, 0, 0, 0, 0], Numbers(timeline.GetProperty("staleness").GetProperty("in_queue").GetProperty("y")));
    }

    [Fact]
    public async Task A_damaged_payload_is_shown_where_it_is()
    {
        await using ServedRuns served = await ServedRuns.StartAsync(runs: new GeneratedRun());
        string segment = Directory.GetFiles(served.Folder.In("run0/payloads"), "*.segment").Single();
        byte[] bytes = await File.ReadAllBytesAsync(segment, TestContext.Current.CancellationToken);
        bytes[bytes.Length / 2] ^= 0xFF;
        await File.WriteAllBytesAsync(segment, bytes, TestContext.Current.CancellationToken);
        JsonElement page = await served.GetAsync($"api/runs/{await served.FirstAsync()}/rollouts?limit=200");
        Assert.Single(page.GetProperty("groups").EnumerateArray(), group => group.GetProperty("error").ValueKind == JsonValueKind.String);
    }

    private static long Long(JsonElement element, string name) => element.GetProperty(name).GetInt64();

    private static double[] Numbers(JsonElement array) => [.. array.EnumerateArray().Select(value => value.GetDouble())];
}
