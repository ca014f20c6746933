using System.Text.Json.Nodes;

namespace ICPO.Actors.Dashboard.Tests.Pages;

/// <summary>
/// Every view in a real browser, as people with a screen reader, a keyboard, low vision or a small screen use it: landmarks, headings,
/// names, contrast, the order of the focus, reflow.
/// </summary>
public sealed class AccessibilityTests
{
    /// <summary>The file <c>axe.min.js</c> of the npm package axe-core; its rules are checked as well where this is set.</summary>
    private const string AxeVariable = "ICPO_AXE";

    /// <summary>The width at which WCAG 2.2 requires that nothing is scrolled in two directions.</summary>
    private const int NarrowWidth = 320;

    /// <summary>Roles whose names a screen reader says.</summary>
    private static readonly HashSet<string> Named =
    [
        "button",
        "checkbox",
        "combobox",
        "DisclosureTriangle",
        "image",
        "img",
        "link",
        "meter",
        "navigation",
        "progressbar",
        "region",
        "search",
        "searchbox",
        "slider",
        "spinbutton",
        "table",
        "textbox",
    ];

    [Fact]
    public async Task Every_view_has_landmarks_headings_and_contrast_in_both_color_schemes()
    {
        await using ServedRuns served = await ServedRuns.StartAsync(runs: [new GeneratedRun(), new GeneratedRun { Updates = 40 }]);
        await using Browser browser = await Browser.StartAsync();
        string script = await ScriptAsync("accessibility.js");
        string id = await served.FirstAsync();
        List<string> problems = [];
        foreach (string scheme in new[] { "light", "dark" })
        {
            await browser.SetColorsAsync(scheme);
            foreach (DashboardView view in DashboardView.All)
            {
                await view.OpenAsync(browser, served, id);
                JsonNode? found = await browser.EvaluateAsync(script);
                problems.AddRange(found!.AsArray().Select(problem => $"{view.Address}, {scheme}: {problem}"));
            }
        }

        Assert.Empty(problems);
    }

    [Fact]
    public async Task Every_control_and_chart_has_a_name()
    {
        await using ServedRuns served = await ServedRuns.StartAsync(runs: [new GeneratedRun(), new GeneratedRun { Updates = 40 }]);
        await using Browser browser = await Browser.StartAsync();
        string id = await served.FirstAsync();
        List<string> nameless = [];
        foreach (DashboardView view in DashboardView.All)
        {
            await view.OpenAsync(browser, served, id);
            JsonObject tree = await browser.CallAsync("Accessibility.getFullAXTree");
            nameless.AddRange(
                tree["nodes"]!
                    .AsArray()
                    .Where(node => !(bool)node!["ignored"]! && Named.Contains((string?)node["role"]?["value"] ?? ""))
                    .Where(node => string.IsNullOrWhiteSpace((string?)node!["name"]?["value"]))
                    .Select(node => $"{view.Address}: {node!["role"]!["value"]}")
            );
        }

        Assert.Empty(nameless);
    }

    [Fact]
    public async Task The_keyboard_reaches_everything_in_the_order_of_the_page()
    {
        await using ServedRuns served = await ServedRuns.StartAsync(runs: [new GeneratedRun(), new GeneratedRun { Updates = 40 }]);
        await using Browser browser = await Browser.StartAsync();
        string script = await ScriptAsync("focus.js");
        string id = await served.FirstAsync();
        foreach (DashboardView view in DashboardView.All)
        {
            // A page that was just loaded: the focus is at its beginning.
            await browser.OpenAsync(new Uri("about:blank"));
            await view.OpenAsync(browser, served, id);
            int targets = (int)(await browser.EvaluateAsync(script))!;
            JsonArray path = [];
            for (int i = 0; i < 3 && path.Count < targets; i++)
            {
                for (int press = 0; press < targets; press++)
                {
                    await browser.PressAsync("Tab", 9);
                }

                path = (await browser.EvaluateAsync("focusPath"))!.AsArray();
            }

            int[] places = [.. path.Select(step => (int)step!["place"]!)];
            int round = Enumerable.Range(1, Math.Max(0, places.Length - 1)).FirstOrDefault(i => places[i] <= places[i - 1], places.Length);
            int[] wanted = [.. (await browser.EvaluateAsync("focusTargets"))!.AsArray().Select(place => (int)place!)];
            int[] missed = [.. wanted.Except(places.Take(round))];
            Assert.True(missed.Length == 0, $"{view.Address}: {path.ToJsonString()}");
            Assert.All(path.Take(round), step => Assert.True((bool)step!["visible"]!, $"{view.Address}: {step["text"]}"));
            Assert.Contains("skip", (string?)path[0]!["text"], StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A_narrow_page_is_scrolled_in_one_direction()
    {
        await using ServedRuns served = await ServedRuns.StartAsync(runs: [new GeneratedRun(), new GeneratedRun { Updates = 40 }]);
        await using Browser browser = await Browser.StartAsync();
        string id = await served.FirstAsync();
        await browser.CallAsync(
            "Emulation.setDeviceMetricsOverride",
            new JsonObject
            {
                ["width"] = NarrowWidth,
                ["height"] = 4000,
                ["deviceScaleFactor"] = 1,
                ["mobile"] = false,
            }
        );
        foreach (DashboardView view in DashboardView.All)
        {
            await view.OpenAsync(browser, served, id);
            int width = (int)(await browser.EvaluateAsync("document.scrollingElement.scrollWidth"))!;
            Assert.True(width <= NarrowWidth, $"{view.Address} is {width} pixels wide.");
        }
    }

    [Fact]
    public async Task Axe_finds_no_violation()
    {
        string? path = Environment.GetEnvironmentVariable(AxeVariable);
        Assert.SkipWhen(string.IsNullOrEmpty(path), $"{AxeVariable} does not name axe.min.js (npm install axe-core).");
        await using ServedRuns served = await ServedRuns.StartAsync(runs: [new GeneratedRun(), new GeneratedRun { Updates = 40 }]);
        await using Browser browser = await Browser.StartAsync();
        string axe = await File.ReadAllTextAsync(path, TestContext.Current.CancellationToken);
        string id = await served.FirstAsync();
        List<string> violations = [];
        foreach (string scheme in new[] { "light", "dark" })
        {
            await browser.SetColorsAsync(scheme);
            foreach (DashboardView view in DashboardView.All)
            {
                await view.OpenAsync(browser, served, id);
                await browser.EvaluateAsync($"(() => {{ {axe}; }})()");
                JsonNode? found = await browser.EvaluateAsync(
                    "axe.run().then(result => result.violations.map(one => `${one.id}: ${one.nodes.map(node => node.html).join(' ')}`))"
                );
                violations.AddRange(found!.AsArray().Select(violation => $"{view.Address}, {scheme}: {violation}"));
            }
        }

        Assert.Empty(violations);
    }

    private static Task<string> ScriptAsync(string name) =>
        File.ReadAllTextAsync(Repository.In("tests", "ICPO.Actors.Dashboard.Tests", "Pages", name), TestContext.Current.CancellationToken);
}
