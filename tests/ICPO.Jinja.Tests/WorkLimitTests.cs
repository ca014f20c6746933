namespace ICPO.Jinja.Tests;

/// <summary>Work is counted, so that no template runs forever; long texts within the limits are rendered.</summary>
public sealed class WorkLimitTests
{
    private const string TooMuch = "more than";

    [Theory]
    [InlineData("{{ strftime_now('%999999999d') }}", "too large")]
    [InlineData("{{ [10 ** 4290] * 400000 }}", TooMuch)]
    [InlineData("{% set c = cycler(*range(100000)) %}{% for i in range(100000) %}{% set y = c.items %}{% endfor %}", TooMuch)]
    [InlineData(
        "{% for i in range(100000) %}{% for j in range(100000) %}{% set y = 12345 | round(-4000) %}{% endfor %}{% endfor %}",
        TooMuch
    )]
    [InlineData(
        "{% for i in range(100000) %}{% for j in range(100000) %}{% set y = ('9' * 4300) | int %}{% endfor %}{% endfor %}",
        TooMuch
    )]
    [InlineData(
        "{% set ns = namespace(x=1) %}{% for i in range(100000) %}{% for j in range(100000) %}{% set ns.x = ns.x + ns.x %}{% "
            + "endfor %}{% endfor %}",
        TooMuch
    )]
    public void Excessive_widths_and_work_are_rejected(string template, string says) => Rejected(template, says);

    [Theory]
    [InlineData("x.count('ab')")]
    [InlineData("'ab' in x")]
    [InlineData("x.find('b')")]
    [InlineData("x.isdigit()")]
    [InlineData("x.replace('b', '')")]
    [InlineData("x.partition('b')[1]")]
    [InlineData("x | wordcount")]
    [InlineData("x is lower")]
    [InlineData("x == y")]
    [InlineData("x < y")]
    [InlineData("{x: 1}")]
    [InlineData("x | length")]
    [InlineData("x[-1]")]
    public void Searched_text_is_counted(string use) =>
        Rejected(
            "{% set x = '7' * 20000000 %}{% set y = x ~ '7' %}{% set y = y[1:] %}{% for i in range(100000) %}{% for j in "
                + "range(100000) %}{% set z = "
                + use
                + " %}{% endfor %}{% endfor %}",
            TooMuch
        );

    [Theory]
    [InlineData("{{ ('a' * 4000000).count('a' * 2000000 ~ 'b' ~ 'a' * 1000000) }}", "0")]
    [InlineData("{{ ('a' * 2000000 ~ 'b' ~ 'a' * 1000000) in 'a' * 4000000 }}", "False")]
    [InlineData("{{ ('a' * 4000000).rfind('a' * 2000000 ~ 'b' ~ 'a' * 1000000) }}", "-1")]
    [InlineData("{{ ('<' * 4000000) | striptags | length }}", "4000000")]
    [InlineData("{{ ('<!--' * 4000000) | striptags | length }}", "16000000")]
    [InlineData("{{ ('\u03A3' * 4000000) | lower | length }}", "4000000")]
    [InlineData("{{ ('a b' * 2000000)[1:-1] | length }}", "5999998")]
    [InlineData("{{ ('a' * 50000000) | last }}{{ ('ab' * 2000000) | reverse | first }}", "ab")]
    [InlineData("{{ [1, 2] | batch(1000000000) | list }}", "[[1, 2]]")]
    public void A_long_text_is_rendered(string template, string expected) => Assert.Equal(expected, Rendered.Text(template));

    [Fact]
    public void Many_generation_blocks_are_located()
    {
        RenderedTemplate rendered = JinjaTemplate
            .Parse("{% for i in range(50000) %}\U0001F642{% generation %}{{ content }}{% endgeneration %}{% endfor %}")
            .Render([KeyValuePair.Create("content", (object?)new string('x', 1000))]);
        Assert.Equal(50_000, rendered.Generations.Count);
        Assert.Equal((50_049_999 - 1000 + 1, 50_050_000), rendered.Generations[^1]);
    }

    private static void Rejected(string template, string says) =>
        Assert.Contains(says, Assert.Throws<TemplateException>(() => Rendered.Text(template)).Reason);
}
