namespace ICPO.Jinja.Tests;

/// <summary>The example of the library's README.</summary>
public sealed class ReadmeTests
{
    // <readme>
    private static string RenderMessages()
    {
        var template = JinjaTemplate.Parse(
            "{% for m in messages %}<{{ m.role }}>{{ m.content | trim }}{% endfor %}",
            name: "example.jinja"
        );
        Dictionary<string, object?>[] messages =
        [
            new() { ["role"] = "user", ["content"] = " 2 + 2? " },
            new() { ["role"] = "assistant", ["content"] = "4" },
        ];
        return template.Render(new Dictionary<string, object?> { ["messages"] = messages }).Text;
    }

    // </readme>

    [Fact]
    public void The_example_renders() => Assert.Equal("<user>2 + 2?<assistant>4", RenderMessages());

    [Fact]
    public void The_readme_shows_the_example() => ReadmeExample.ExpectSame("src/libraries/ICPO.Jinja", "tests/ICPO.Jinja.Tests");
}
