using System.Text.Json.Nodes;

namespace ICPO.Actors.Modeling.Tests;

/// <summary>Where Jinja2 and Python do what one would not expect.</summary>
public sealed class JinjaTests
{
    [Theory]
    [InlineData("{% for x in [1, 2] %}{{ given }}{% endfor %}{% set given = 3 %}{{ given }}", "3")]
    [InlineData("{% macro show() %}[{{ given }}]{% endmacro %}{{ show() }}{% set given = 3 %}{{ show() }}", "[][3]")]
    [InlineData("{{ given }}{% for x in [1, 2] %}{{ given }}{% endfor %}{% set given = 3 %}{{ given }}", "outsideoutsideoutside3")]
    [InlineData("{% for x in [1] %}{{ given }}{% endfor %}{% if false %}{% set given = 3 %}{% endif %}{{ given }}", "outsideoutside")]
    [InlineData("{% for x in [1] %}{{ given }}{% endfor %}{% if false %}{% set given = 3 %}{% elif false %}{% set given = 4 %}{% else %}{% set given = 5 %}{% endif %}{{ given }}", "outside5")]
    [InlineData("{% set given = given ~ '!' %}{% for x in [1] %}{% set given = given ~ x %}{{ given }}{% endfor %}{{ given }}", "outside!1outside!")]
    [InlineData("{% macro show(a=b, b=2) %}{{ a }}{{ b }}{% endmacro %}{% set b = 9 %}{{ show() }}", "2")]
    public void A_frame_owns_what_it_assigns_before_reading_it(string template, string expected) => Assert.Equal(expected, Render(template));

    [Theory]
    [InlineData("{% for x in [1, 2] %}{% break %}{% else %}none{% endfor %}", "none")]
    [InlineData("{% for x in [1, 2] %}{% if x == 2 %}{% continue %}{% endif %}{{ x }}{% else %}none{% endfor %}", "1")]
    [InlineData("{% for x in [] %}{{ x }}{% else %}none{% endfor %}", "none")]
    public void The_else_of_a_loop_follows_where_no_round_came_to_its_end(string template, string expected) => Assert.Equal(expected, Render(template));

    [Fact]
    public void A_block_sees_the_variables_around_it_only_if_it_is_scoped() =>
        Assert.Equal("99|12", Render("{% set x = 9 %}{% for x in [1, 2] %}{% block a %}{{ x }}{% endblock %}{% endfor %}|{% for x in [1, 2] %}{% block b scoped %}{{ x }}{% endblock %}{% endfor %}"));

    [Fact]
    public void The_condition_of_a_loop_sees_the_loop_around_it() =>
        Assert.Equal("a1.b2.", Render("{% for x in ['a', 'b'] %}{% for y in [1, 2] if y == loop.index %}{{ x }}{{ y }}.{% endfor %}{% endfor %}"));

    [Theory]
    [InlineData("{% filter length %}abc{% endfilter %}")]
    [InlineData("{% for loop in [1] %}{% endfor %}")]
    [InlineData("{% for x in [1] %}{% set loop = 1 %}{% endfor %}")]
    [InlineData("{% macro m(a, a) %}{% endmacro %}")]
    [InlineData("{{ dict(a=1, a=2) }}")]
    [InlineData("{{ {'a': 1}.get(key='a') }}")]
    [InlineData("{{ {}.keys() in {} }}")]
    [InlineData("{{ '{}{0}'.format(1) }}")]
    [InlineData("{{ '{:+}'.format('x') }}")]
    [InlineData("{{ '{:.2}'.format(3) }}")]
    [InlineData("{{ '%5%' % 1 }}")]
    [InlineData("{{ '100%' % 1 }}")]
    public void What_Jinja2_refuses_is_refused(string template) => Assert.Throws<TemplateException>(() => Render(template));

    [Theory]
    [InlineData("{{ '{:08,}|{:+}|{:🙂^6}|{:.3}|{:#x}|{:z.1f}'.format(1234, true, 'ab', 100.0, 255, -0.01) }}", "0,001,234|+1|🙂🙂ab🙂🙂|1e+02|0xff|0.0")]
    [InlineData("{{ '{:{}}|{1}'.format('x', 3) if false else '{0:{1}}|{1}'.format('x', 3) }}", "x  |3")]
    [InlineData("{{ '%.f|%#.3g|%-5d|%05d|%a' % (2.5, 100.0, 7, -7, 'é') }}", "2|100.|7    |-0007|'\\xe9'")]
    [InlineData("{{ '100%%' % {} }}{{ '{a[0].k}'.format_map({'a': [{'k': 1}]}) }}", "100%1")]
    public void Formatting_follows_Python(string template, string expected) => Assert.Equal(expected, Render(template));

    [Theory]
    [InlineData("{{ 91780657579834767 / 75 }} {{ 0 / -3 }} {{ 91780657579834767 | float }}", "1223742101064463.5 -0.0 9.178065757983477e+16")]
    [InlineData("{{ 'well-known words' | wordwrap(7) }}", "well-\nknown\nwords")]
    [InlineData("{{ [1, 2] | truncate(9) }}{{ missing | truncate(9) }}", "[1, 2]")]
    [InlineData("{{ ('<b>' | e).split('b') }}{{ ('%s' | safe) | format('<') }}", "[Markup('&lt;'), Markup('&gt;')]&lt;")]
    [InlineData("{{ ([{'k': 1}] | groupby('k'))[0] | length }}{{ 'a'.startswith('', 5) }}{{ (1, 2, 1).index(1, -1) }}", "2False2")]
    [InlineData("{{ 'ΣΑΣ ı ß'.casefold() }} {{ 'नमस्ते दुनिया' | wordcount }}", "σασ ı ss 5")]
    [InlineData("{{ strftime_now('%5Y|%-d|%#a|%D|%-f|%q|%') }}", "02026|5|SAT|09/05/26|%-f|%q|%")]
    public void Values_come_out_as_in_Python(string template, string expected) => Assert.Equal(expected, Render(template));

    [Theory]
    [InlineData("{{ ('ab ' * 300000).split() | length }}", "300000")]
    [InlineData("{{ ('ab ' * 300000).rsplit() | length }}", "300000")]
    public void Long_texts_take_no_time(string template, string expected) => Assert.Equal(expected, Render(template));

    private static string Render(string template) =>
        ChatTemplate.Parse(template, clock: new Noon()).Render(new JsonObject { ["given"] = "outside" });

    private sealed class Noon : TimeProvider
    {
        public override TimeZoneInfo LocalTimeZone => TimeZoneInfo.Utc;

        public override DateTimeOffset GetUtcNow() => new(2026, 9, 5, 12, 0, 0, TimeSpan.Zero);
    }
}
