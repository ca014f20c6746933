namespace ICPO.Jinja.Tests;

/// <summary>Templates that may do anything: what they allocate is in proportion to them and to their variables.</summary>
public sealed class UntrustedTemplateTests
{
    [Fact]
    public void Reported_templates_are_refused()
    {
        foreach (string path in Untrusted.Files("template"))
        {
            string source = File.ReadAllText(path);
            Untrusted.Refused<TemplateException>(source.Length, () => Rendered.Text(source));
        }
    }

    [Theory]
    [InlineData("{{ [0] * 10 ** 7 }}")]
    [InlineData("{{ ([0] * 10 ** 7) | length }}")]
    [InlineData("{{ ((1,) * 10 ** 7) | length }}")]
    [InlineData("{{ ([[0] * 1000] * 1000) | map('list') | list | length }}")]
    [InlineData("{% set a = [0] * 100000 %}{% for i in range(1000) %}{% set b = a + a %}{% endfor %}")]
    [InlineData("{% set a = [0] * 100000 %}{% for i in range(1000) %}{% set b = a[1:] %}{% endfor %}")]
    [InlineData("{{ ('a' * 10 ** 8) | upper | lower | length }}")]
    [InlineData("{% set ns = namespace(a='a') %}{% for i in range(99) %}{% set ns.a = ns.a + ns.a %}{% endfor %}")]
    [InlineData("{% set ns = namespace(a='a') %}{% for i in range(99) %}{% set ns.a = ns.a ~ ns.a %}{% endfor %}")]
    [InlineData("{% set ns = namespace(a='') %}{% for i in range(99999) %}{% set ns.a = ns.a ~ 'abcdefgh' %}{% endfor %}")]
    [InlineData("{% set ns = namespace(a=[1]) %}{% for i in range(99) %}{% set ns.a = ns.a + ns.a %}{% endfor %}")]
    [InlineData("{% set ns = namespace(a=[1]) %}{% for i in range(99999) %}{% set ns.a = [ns.a] %}{% endfor %}{{ ns.a }}")]
    [InlineData("{% for i in range(99999) %}{% for j in range(99999) %}{% endfor %}{% endfor %}")]
    [InlineData("{% for i in range(99999) %}{% for j in range(99999) if j > i %}{% endfor %}{% endfor %}")]
    [InlineData("{% for i in range(99999) %}{% for j in 'ab' * 99999 %}{% endfor %}{% endfor %}")]
    [InlineData("{% for i in range(99999) %}{% set a = range(99999) | list %}{% endfor %}")]
    [InlineData("{% for i in range(99999) %}{% set a = range(99999) | sum %}{% endfor %}")]
    [InlineData("{% for i in range(99999) %}{% set a = range(99999) | map('string') | join %}{% endfor %}")]
    [InlineData("{% for i in range(99999) %}{% set a = {'a': i, 'b': [i, i]} %}{% endfor %}{{ 'x' * 10 ** 8 }}")]
    [InlineData("{% for i in range(99999) %}{% for j in range(99999) %}{% set a = j * j - i %}{% endfor %}{% endfor %}")]
    [InlineData("{% macro m(n) %}{{ m(n) }}{{ m(n) }}{% endmacro %}{{ m(1) }}")]
    [InlineData("{% macro m(n) %}{% if n %}{{ m(n - 1) }}{{ m(n - 1) }}{% endif %}{% endmacro %}{{ m(40) }}")]
    [InlineData("{% for i in range(99999) %}{% filter upper %}{{ 'a' * 9999 }}{% endfilter %}{% endfor %}")]
    [InlineData("{% for i in range(99999) %}{% set a %}{{ 'a' * 9999 }}{% endset %}{% endfor %}")]
    [InlineData("{% for i in range(99999) %}{{ 'a' | center(9999) }}{% endfor %}")]
    [InlineData("{% for i in range(99999) %}{{ '%09999d' % i }}{% endfor %}")]
    [InlineData("{% for i in range(99999) %}{{ '{:>9999}'.format(i) }}{% endfor %}")]
    [InlineData("{% for i in range(99999) %}{{ ('ab ' * 999) | title | wordwrap(3) | indent(99) }}{% endfor %}")]
    [InlineData("{% for i in range(99999) %}{{ ('a,' * 999).split(',') | join('--') | replace('-', '====') }}{% endfor %}")]
    [InlineData("{% for i in range(99999) %}{{ range(999) | batch(3) | list | tojson(indent=99) }}{% endfor %}")]
    [InlineData("{% for i in range(99999) %}{{ range(999) | sort(reverse=true) | unique | list | length }}{% endfor %}")]
    [InlineData("{% set a = 9 ** 9999 %}{% for i in range(99999) %}{% for j in range(99999) %}{% set b = a + j %}{% endfor %}{% endfor %}")]
    [InlineData("{{ strftime_now('%99999Y' * 9999) }}")]
    public void What_a_template_multiplies_is_refused_within_the_bound(string source) =>
        Untrusted.Refused<TemplateException>(source.Length, () => Rendered.Text(source));

    [Fact]
    public void A_long_conversation_is_rendered()
    {
        object?[] messages =
        [
            .. Enumerable
                .Range(0, 5_000)
                .Select(i =>
                    (object?)
                        new Dictionary<string, object?> { ["role"] = i % 2 == 0 ? "user" : "assistant", ["content"] = new string('x', 200) }
                ),
        ];
        const string Source =
            "{% set ns = namespace(last=0) %}{% for m in messages[::-1] %}{% if m.role == 'user' and ns.last == 0 %}"
            + "{% set ns.last = loop.index0 %}{% endif %}{% endfor %}{% for m in messages %}{{ '<|' + m.role + '|>' }}"
            + "{% if m.content is string %}{{ m['content'] | trim | replace('y', 'z') }}{% endif %}{{ '<|end|>' ~ '\n' }}{% endfor %}";
        RenderedTemplate rendered = JinjaTemplate.Parse(Source).Render([KeyValuePair.Create("messages", (object?)messages)]);
        Assert.True(rendered.Text.Length > 1_000_000);
    }

    [Fact]
    public void A_message_of_a_million_characters_is_rendered()
    {
        string text = new('x', 1_000_000);
        RenderedTemplate rendered = JinjaTemplate
            .Parse("{% for i in [1, 2] %}{{ (a | trim).split('z')[-1].lstrip() + 'b' | upper }}{% endfor %}")
            .Render([KeyValuePair.Create("a", (object?)text)]);
        Assert.Equal(2_000_002, rendered.Text.Length);
    }

    [Theory]
    [InlineData("{{", "1", "}}", 20_000)]
    [InlineData("{{ (", "1", ") }}", 20_000)]
    [InlineData("{% if 1 %}", "", "{% endif %}", 20_000)]
    [InlineData("{% for i in a %}", "", "{% endfor %}", 20_000)]
    [InlineData("{{ not ", "1", " }}", 20_000)]
    [InlineData("{{ -", "1", " }}", 50_000)]
    [InlineData("{{ a", ".b", " }}", 50_000)]
    [InlineData("{{ [", "", "] }}", 20_000)]
    [InlineData("{# ", "", "", 20_000)]
    [InlineData("{{ '", "\\", "' }}", 20_000)]
    [InlineData("{% macro m() %}", "", "{% endmacro %}", 5_000)]
    public void Deep_and_long_sources_are_parsed_or_refused_within_the_bound(string open, string middle, string close, int times)
    {
        string whole = Times(open, times) + Times(middle, times) + Times(close, times);
        string inside = open + Times(open.Trim('{', '%', ' '), times) + middle + Times(close.Trim('}', '%', ' '), times) + close;
        string repeated = open + Times(middle + " ", times) + close;
        foreach (string source in new[] { whole, inside, repeated })
        {
            Untrusted.ReadOrRefused<TemplateException>(source.Length, () => Rendered.Text(source));
        }
    }

    private static string Times(string text, int times) => string.Concat(Enumerable.Repeat(text, times));
}
