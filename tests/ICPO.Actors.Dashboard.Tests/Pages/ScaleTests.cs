using System.Diagnostics;

namespace ICPO.Actors.Dashboard.Tests.Pages;

/// <summary>A run of 1,000,000 metric values and 100,000 rollouts. Takes long; its figures need a machine that does nothing else.</summary>
public sealed class ScaleTests
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(2);

    [Fact]
    public async Task A_large_run_is_shown_within_two_seconds()
    {
        LongTests.Require();
        await using ServedRuns served = await ServedRuns.StartAsync(
            runs: new GeneratedRun
            {
                Updates = 20_000,
                GroupsPerUpdate = 1,
                PolicyRollouts = 5,
                MoreMetrics = 45,
                Tokens = 32,
            }
        );
        string id = "";
        await MeasureAsync("list", async () => id = await served.FirstAsync());
        await MeasureAsync("series", () =>
            served.GetAsync($"api/runs/{id}/series?points=600{string.Concat(Enumerable.Range(0, 16).Select(i => $"&name=more/{i}"))}")
        );
        await MeasureAsync("first rollouts", () => served.GetAsync($"api/runs/{id}/rollouts?limit=50"));
        await MeasureAsync("a text that is nowhere", () => served.GetAsync($"api/runs/{id}/rollouts?text=nowhere&start=3000"));
        await MeasureAsync("timeline", () => served.GetAsync($"api/runs/{id}/timeline"));
        await MeasureAsync("ledger", () => served.GetAsync($"api/runs/{id}/ledger"));
        await MeasureAsync("lineage", () => served.GetAsync($"api/runs/{id}/updates/19999"));
        await using Browser browser = await Browser.StartAsync();
        await MeasureAsync("overview in a browser", async () =>
        {
            await browser.OpenAsync(new Uri(served.Server.Address, $"/#/overview?run={id}"));
            await browser.UntilAsync("document.querySelectorAll('canvas[aria-label*=\"Arrow keys\"]').length >= 2");
        });
        await browser.OpenAsync(new Uri(served.Server.Address, $"/#/rollouts?run={id}"));
        for (int page = 0; page < 20; page++)
        {
            await browser.UntilAsync("document.querySelectorAll('tbody tr').length >= 50 && !document.querySelector('[aria-busy]')");
            await browser.EvaluateAsync("[...document.querySelectorAll('.pages button')].at(-1).click()");
        }

        await browser.CallAsync("HeapProfiler.collectGarbage");
        double heap = (double)(await browser.CallAsync("Runtime.getHeapUsage"))["usedSize"]!;
        TestContext.Current.TestOutputHelper?.WriteLine($"heap of the page after 20 pages: {heap / 1e6:0.0} MB");
        Assert.InRange(heap, 0, 50e6);
    }

    private static async Task MeasureAsync<T>(string what, Func<Task<T>> act) => await MeasureAsync(what, (Func<Task>)(() => act()));

    private static async Task MeasureAsync(string what, Func<Task> act)
    {
        long start = Stopwatch.GetTimestamp();
        await act();
        TimeSpan took = Stopwatch.GetElapsedTime(start);
        TestContext.Current.TestOutputHelper?.WriteLine($"{what}: {took.TotalMilliseconds:0} ms");
        Assert.True(took < Limit, $"{what} took {took.TotalSeconds:0.00} s.");
    }
}
