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
            "{% set x = '7' * 2000000 %}{% set y = x ~ '7' %}{% set y = y[1:] %}{% for i in range(100000) %}{% for j in "
                + "range(100000) %}{% set z = "
                + use
                + " %}{% endfor %}{% endfor %}",
            TooMuch
        );

    [Theory]
    [InlineData("{{ ('a' * 400000).count('a' * 200000 ~ 'b' ~ 'a' * 100000) }}", "0")]
    [InlineData("{{ ('a' * 200000 ~ 'b' ~ 'a' * 100000) in 'a' * 400000 }}", "False")]
    [InlineData("{{ ('a' * 400000).rfind('a' * 200000 ~ 'b' ~ 'a' * 100000) }}", "-1")]
    [InlineData("{{ ('<' * 1000000) | striptags | length }}", "1000000")]
    [InlineData("{{ ('<!--' * 500000) | striptags | length }}", "2000000")]
    [InlineData("{{ ('\u03A3' * 300000) | lower | length }}", "300000")]
    [InlineData("{{ ('a b' * 1000000)[1:-1] | length }}", "2999998")]
    [InlineData(
        "{{ ('a' * 3000000) | last }}{{ ('\u4F60ab' * 200000) | upper | length }}{{ ('ab' * 500000) | reverse | first }}",
        "a600000b"
    )]
    [InlineData("{{ [1, 2] | batch(1000000000) | list }}", "[[1, 2]]")]
    public void A_long_text_is_rendered(string template, string expected) => Assert.Equal(expected, Rendered.Text(template));

    [Fact]
    public void Many_generation_blocks_are_located()
    {
        RenderedTemplate rendered = JinjaTemplate
            .Parse("{% for i in range(5000) %}\U0001F642{% generation %}{{ content }}{% endgeneration %}{% endfor %}")
            .Render([KeyValuePair.Create("content", (object?)new string('x', 100))]);
        Assert.Equal(5_000, rendered.Generations.Count);
        Assert.Equal((505_000 - 100, 505_000), rendered.Generations[^1]);
    }

    private static void Rejected(string template, string says) =>
        Assert.Contains(says, Assert.Throws<TemplateException>(() => Rendered.Text(template)).Reason);
}
