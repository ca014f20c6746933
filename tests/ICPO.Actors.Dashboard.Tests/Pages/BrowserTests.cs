using System.Text.Json.Nodes;

namespace ICPO.Actors.Dashboard.Tests.Pages;

/// <summary>The page in a real browser, over a run whose texts try to be more than text. Skipped where no Chromium is installed.</summary>
public sealed class BrowserTests
{
    /// <summary>A folder for pictures of all views in both color schemes; none are made if it is not set.</summary>
    private const string PicturesVariable = "ICPO_DASHBOARD_PICTURES";

    [Fact]
    public async Task Every_view_shows_a_run_and_nothing_of_its_text_is_executed()
    {
        await using ServedRuns served = await ServedRuns.StartAsync(runs: [new GeneratedRun(), new GeneratedRun { Updates = 40 }]);
        await using Browser browser = await Browser.StartAsync();
        string id = await served.FirstAsync();
        foreach (string scheme in new[] { "light", "dark" })
        {
            await browser.SetColorsAsync(scheme);
            foreach (DashboardView view in DashboardView.All)
            {
                await view.OpenAsync(browser, served, id);
                await PictureAsync(browser, $"{view.Address.Replace('?', '-')}-{scheme}");
            }
        }

        Assert.Empty(browser.Console);
        Assert.DoesNotContain("owned", (string?)await browser.EvaluateAsync("document.title"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_group_is_shown_side_by_side_with_its_tokens()
    {
        await using ServedRuns served = await ServedRuns.StartAsync(runs: new GeneratedRun());
        await using Browser browser = await Browser.StartAsync();
        await browser.OpenAsync(new Uri(served.Server.Address, $"/#/rollouts?run={await served.FirstAsync()}&text=response 7/"));
        await browser.UntilAsync("document.querySelectorAll('tbody tr').length === 3");
        await browser.EvaluateAsync("document.querySelector('tbody a').click()");
        await browser.UntilAsync("document.querySelectorAll('.sibling').length === 3");
        Assert.Contains(
            GeneratedRun.Hostile,
            (string?)await browser.EvaluateAsync("document.querySelector('.sibling pre').textContent"),
            StringComparison.Ordinal
        );
        await browser.EvaluateAsync(
            "{ const overlay = document.querySelector('#group select'); overlay.value = 'probability'; "
                + "overlay.dispatchEvent(new Event('change')); }"
        );
        await browser.UntilAsync("document.querySelectorAll('.sibling pre span[title]').length === 18");
        await PictureAsync(browser, "group");
        foreach (
            (string overlay, string shown) in new[]
            {
                ("advantage", "document.querySelectorAll('.sibling pre span[title*=\"advantage\"]').length === 18"),
                ("table", "document.querySelectorAll('.sibling tbody tr').length === 18"),
            }
        )
        {
            await browser.EvaluateAsync(
                $"{{ const overlay = document.querySelector('#group select'); overlay.value = '{overlay}'; "
                    + "overlay.dispatchEvent(new Event('change')); }"
            );
            await browser.UntilAsync(shown);
        }

        Assert.Equal(0, (int?)await browser.EvaluateAsync("document.images.length"));
        Assert.Empty(browser.Console);
    }

    [Fact]
    public async Task Charts_are_read_with_the_keyboard_and_colors_can_be_chosen()
    {
        await using ServedRuns served = await ServedRuns.StartAsync(runs: new GeneratedRun());
        await using Browser browser = await Browser.StartAsync();
        await browser.OpenAsync(new Uri(served.Server.Address, $"/#/metrics?run={await served.FirstAsync()}&filter=reward"));
        await browser.UntilAsync("document.querySelector('canvas[aria-label*=\"Arrow keys\"]')");
        await browser.EvaluateAsync("document.querySelector('canvas').focus()");
        await browser.PressAsync("ArrowRight");
        await browser.PressAsync("ArrowRight");
        Assert.Contains(
            "update 2",
            (string?)await browser.EvaluateAsync("document.querySelector('output').textContent"),
            StringComparison.Ordinal
        );
        await browser.EvaluateAsync("document.getElementById('theme').click(); document.getElementById('theme').click()");
        Assert.Equal("dark", (string?)await browser.EvaluateAsync("document.documentElement.dataset.theme"));
        JsonNode? background = await browser.EvaluateAsync("getComputedStyle(document.body).backgroundColor");
        Assert.Equal("rgb(22, 24, 27)", (string?)background);
        Assert.Empty(browser.Console);
    }

    [Fact]
    public async Task A_page_of_an_active_run_advances_by_itself()
    {
        await using ServedRuns served = await ServedRuns.StartAsync(runs: new GeneratedRun());
        await using Browser browser = await Browser.StartAsync();
        await browser.OpenAsync(new Uri(served.Server.Address, $"/#/overview?run={await served.FirstAsync()}"));
        await browser.UntilAsync("document.querySelector('.tiles')?.textContent.includes('5 of 5')");
        await File.AppendAllTextAsync(
            served.Folder.In("run0/metrics.jsonl"),
            "\n{\"kind\":\"update\",\"update\":6,\"seconds\":12,\"loss\":1}\n",
            TestContext.Current.CancellationToken
        );
        await browser.UntilAsync("document.querySelector('.tiles')?.textContent.includes('6 of 5')");
    }

    [Fact]
    public async Task A_view_that_was_left_while_it_was_loading_keeps_no_connection()
    {
        await using ServedRuns served = await ServedRuns.StartAsync(runs: new GeneratedRun());
        await using Browser browser = await Browser.StartAsync();
        string run = await served.FirstAsync();
        await browser.OpenAsync(new Uri(served.Server.Address, "/#/runs"));
        await browser.UntilAsync("document.querySelector('tbody tr')");

        // Rollouts are never answered; connections are counted.
        await browser.EvaluateAsync(
            """
            {
              const [fetched, Source] = [window.fetch, window.EventSource];
              window.open_ = 0;
              window.fetch = (address, options) => address.includes('/rollouts')
                ? new Promise((_, reject) => options.signal.addEventListener('abort', () => reject(new DOMException('', 'AbortError'))))
                : fetched(address, options);
              window.EventSource = class extends Source {
                constructor(address) { super(address); window.open_++; }
                close() { super.close(); window.open_--; }
              };
            }
            """
        );
        for (int i = 0; i < 3; i++)
        {
            await browser.EvaluateAsync($"location.hash = '#/rollouts?run={run}'");
            await browser.UntilAsync("document.querySelector('h2')?.textContent === 'Rollouts'");
            await browser.EvaluateAsync($"location.hash = '#/overview?run={run}'");
            await browser.UntilAsync("document.querySelector('.tiles') && document.getElementById('live').textContent === 'dead'");
        }

        await browser.UntilAsync("window.open_ === 1");
    }

    private static async Task PictureAsync(Browser browser, string name)
    {
        if (Environment.GetEnvironmentVariable(PicturesVariable) is { Length: > 0 } folder)
        {
            JsonObject picture = await browser.CallAsync("Page.captureScreenshot");
            await File.WriteAllBytesAsync(
                Path.Combine(folder, $"{name}.png"),
                Convert.FromBase64String((string)picture["data"]!),
                TestContext.Current.CancellationToken
            );
        }
    }
}
