using System.Text.RegularExpressions;

namespace ICPO.Actors.Dashboard.Tests.Pages;

/// <summary>Rules of the page's files: text of a run is never parsed as HTML, and nothing comes from another server.</summary>
public sealed partial class PageSourceTests
{
    public static TheoryData<string> Files =>
        [.. Directory.GetFiles(Repository.In("src", "ICPO.Actors.Dashboard", "Web")).Select(path => Path.GetFileName(path))];

    [Theory]
    [MemberData(nameof(Files))]
    public void Nothing_parses_text_as_a_page_or_a_program(string name) =>
        Assert.DoesNotMatch(Parsing(), File.ReadAllText(Repository.In("src", "ICPO.Actors.Dashboard", "Web", name)));

    [Theory]
    [MemberData(nameof(Files))]
    public void Nothing_is_loaded_from_another_server(string name) =>
        Assert.DoesNotMatch(
            Foreign(),
            File.ReadAllText(Repository.In("src", "ICPO.Actors.Dashboard", "Web", name)).Replace("http://www.w3.org/2000/svg", "")
        );

    [GeneratedRegex(
        @"innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\(|new Function|srcdoc|DOMParser|createContextualFragment"
    )]
    private static partial Regex Parsing();

    [GeneratedRegex(@"https?://|//cdn|@import|url\(")]
    private static partial Regex Foreign();
}
