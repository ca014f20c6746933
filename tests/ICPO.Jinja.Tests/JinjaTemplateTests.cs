using System.Numerics;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace ICPO.Jinja.Tests;

public sealed class JinjaTemplateTests
{
    [Theory]
    [InlineData("{{ [1, 2.5, none, true, 'it\\'s', {'a': (1,)}] }}", "[1, 2.5, None, True, \"it's\", {'a': (1,)}]")]
    [InlineData("{% set ns = namespace(n=0) %}{% for i in range(5) if i is odd %}{% set ns.n = ns.n + i %}{% endfor %}{{ ns.n }}", "4")]
    [InlineData("{% macro f(a, b='B') %}{{ a }}{{ b }}{% endmacro %}{{ f(1) }}{{ f(b=2, a=3) }}", "1B32")]
    [InlineData("{{ {'b': [1, none], 'a': 'é\"'} | tojson }}", "{\"b\": [1, null], \"a\": \"é\\\"\"}")]
    [InlineData(
        "{{ '%05.1f|%s' | format(2.25, 'x') }} {{ 2.675 | round(2) }} {{ 1e16 }} {{ -7 // 2 }} {{ -7 % 3 }}",
        "002.2|x 2.67 1e+16 -4 2"
    )]
    [InlineData("{{ '🙂x'[0] }}{{ '🙂x' | length }}{{ 'straße' | upper }}", "🙂2STRASSE")]
    [InlineData("{{ [{'a': none}, {'a': none}] | sort(attribute='a') }}|{{ self.system }}|", "[{'a': None}, {'a': None}]||")]
    public void Text_is_what_Python_would_print(string template, string expected) => Assert.Equal(expected, Rendered.Text(template));

    [Theory]
    [InlineData("a\nb {{ x.y }}", 2, "'x' is undefined")]
    [InlineData("\n\n{% include 'x' %}", 3, "'include' is not supported")]
    [InlineData("{{ 1 | urlize }}", 1, "No filter named 'urlize'")]
    [InlineData("{% if true %}\n{{ [].append(1) }}{% endif %}", 2, "unsafe")]
    [InlineData("{{ ''.__class__.__mro__ }}", 1, "unsafe")]
    [InlineData("x\n{% for i in [1] %}", 2, "endfor")]
    [InlineData("{{ 5 | wordwrap }}", 1, "no attribute 'splitlines'")]
    [InlineData("{{ 'a' + 1 }}", 1, "can only concatenate str")]
    public void An_error_names_the_line(string template, int line, string says)
    {
        TemplateException error = Assert.Throws<TemplateException>(() => Rendered.Text(template));
        Assert.Equal(line, error.Line);
        Assert.Contains(says, error.Message);
        Assert.StartsWith($"template:{line}: ", error.Message);
    }

    [Fact]
    public void A_message_raised_by_the_template_is_reported_unchanged()
    {
        TemplateException error = Assert.Throws<TemplateException>(() => Rendered.Text("{{ raise_exception('Roles must alternate') }}"));
        Assert.Equal((true, "Roles must alternate"), (error.RaisedByTemplate, error.Reason));
    }

    [Theory]
    [InlineData("{% for a in range(99999) %}{% for b in range(99999) %}{% endfor %}{% endfor %}")]
    [InlineData("{% macro f() %}{{ f() }}{% endmacro %}{{ f() }}")]
    [InlineData("{{ 'x' * 10 ** 12 }}")]
    [InlineData("{{ 10 ** (10 ** 10) }}")]
    [InlineData("{{ range(10 ** 9) }}")]
    [InlineData("{{ '%999999999d' | format(1) }}")]
    [InlineData("{{ 'a'.center(1400000000) }}")]
    [InlineData("{% set ns = namespace(s='ab') %}{% for i in range(99999) %}{% set ns.s = ns.s ~ ns.s %}{% endfor %}")]
    [InlineData("{% set ns = namespace(l=[1]) %}{% for i in range(99999) %}{% set ns.l = [ns.l] %}{% endfor %}{{ ns.l }}")]
    [InlineData("{{ [1] | slice(1400000000) | list }}")]
    [InlineData("{% set x = namespace() %}{% set x.x = x %}{{ x }}")]
    [InlineData("{% set ns = namespace(t=()) %}{% for i in range(99999) %}{% set ns.t = (ns.t,) %}{% endfor %}{{ {ns.t: 1} }}")]
    [InlineData("{% set ns = namespace(l=[1]) %}{% for i in range(60) %}{% set ns.l = [ns.l, ns.l] %}{% endfor %}{{ ns.l }}")]
    [InlineData(
        "{% set ns = namespace(a=[1], b=[1]) %}{% for i in range(60) %}{% set ns.a = [ns.a, ns.a] %}{% set ns.b = [ns.b, "
            + "ns.b] %}{% endfor %}{{ ns.a == ns.b }}"
    )]
    [InlineData("{{ (['x' * 1000000] * 1000000) | tojson }}")]
    [InlineData("{{ ('x' * 1000000) | wordwrap(1) }}")]
    public void A_template_cannot_hang_or_exhaust_memory(string template) =>
        Assert.Throws<TemplateException>(() => Rendered.Text(template));

    [Fact]
    public void Deep_nesting_in_the_source_is_rejected() =>
        Assert.Throws<TemplateException>(() => Rendered.Text("{{ " + new string('(', 200_000) + "1" + new string(')', 200_000) + " }}"));

    [Fact]
    public void Generation_blocks_are_located_in_code_points() =>
        Assert.Equal(
            [(2, 4), (4, 6)],
            JinjaTemplate.Parse("🙂 {% generation %}ab{% endgeneration %}{% generation %}🙂!{% endgeneration %}").Render([]).Generations
        );

    [Fact]
    public void Variables_of_every_supported_type_are_read()
    {
        using var json = JsonDocument.Parse("""{"a": [1, 1.0, null]}""");
        (string, object?)[] values =
        [
            ("[None, True, 's', 1, 2, 3, 0.5]", new object?[] { null, true, "s", 1, 2L, new BigInteger(3), 0.5 }),
            ("{'k': {'l': 1}}", new Dictionary<string, object?> { ["k"] = new Dictionary<string, object?> { ["l"] = 1 } }),
            ("{'a': [1, 1.0, None]}", json.RootElement),
            ("{'a': [1, '🙂']}", new JsonObject { ["a"] = new JsonArray(1, "🙂") }),
        ];
        foreach ((string expected, object? value) in values)
        {
            Assert.Equal(expected, JinjaTemplate.Parse("{{ x }}").Render([KeyValuePair.Create("x", value)]).Text);
        }
    }

    [Fact]
    public void A_variable_of_an_unsupported_type_is_named()
    {
        KeyValuePair<string, object?>[] variables = [KeyValuePair.Create("when", (object?)TimeSpan.Zero)];
        TemplateException error = Assert.Throws<TemplateException>(() => JinjaTemplate.Parse("x").Render(variables));
        Assert.Contains("'when'", error.Message);
        Assert.Contains("TimeSpan", error.Message);
    }

    [Fact]
    public void A_variable_hides_a_function_of_its_name() =>
        Assert.Equal("3", JinjaTemplate.Parse("{{ range }}").Render([KeyValuePair.Create("range", (object?)3)]).Text);

    [Fact]
    public void Renderings_on_one_thread_do_not_share_their_limits()
    {
        var template = JinjaTemplate.Parse("{{ ('x' * 5000000) | length }}");
        Assert.Equal(["5000000", "5000000"], [template.Render([]).Text, template.Render([]).Text]);
    }
}
