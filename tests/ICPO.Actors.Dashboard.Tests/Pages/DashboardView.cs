namespace ICPO.Actors.Dashboard.Tests.Pages;

/// <summary>A view of the page over the runs of a test: two, of which the first has 5 updates.</summary>
/// <param name="Address">Its address without the run.</param>
/// <param name="Shown">True in the page once it is complete.</param>
internal sealed record DashboardView(string Address, string Shown)
{
    public static DashboardView[] All { get; } =
    [
        new("runs", "document.querySelectorAll('tbody tr').length === 2"),
        new("overview", "document.querySelector('.tiles') && document.querySelectorAll('canvas').length === 4"),
        new("metrics", "document.querySelectorAll('figure[class=chart] canvas[aria-label*=\"Arrow keys\"]').length >= 5"),
        new("rollouts", "document.querySelectorAll('tbody tr').length >= 3"), // A page ends when its time is over, too.
        new("rollouts?group=7&shown=7", "document.querySelectorAll('.sibling').length === 3"),
        new("timeline", "document.querySelectorAll('canvas[aria-label*=\"Arrow keys\"]').length === 2"),
        new("ledger", "document.querySelector('.good')"),
        new("lineage", "document.querySelectorAll('tbody tr').length === 5"),
        new("lineage?update=3", "document.querySelectorAll('.tree li').length > 2"),
        new("nodes", "document.querySelectorAll('tbody tr').length === 3"),
    ];

    /// <summary>Its name in the navigation.</summary>
    public string Name => Address.Split('?')[0];

    /// <summary>Opens it and waits until it is complete.</summary>
    public async Task OpenAsync(Browser browser, ServedRuns served, string run)
    {
        await browser.OpenAsync(new Uri(served.Server.Address, $"/#/{Address}{(Address.Contains('?') ? '&' : '?')}run={run}"));
        await browser.UntilAsync($"document.querySelector('nav a[aria-current]')?.hash.startsWith('#/{Name}') && ({Shown})");
    }
}
