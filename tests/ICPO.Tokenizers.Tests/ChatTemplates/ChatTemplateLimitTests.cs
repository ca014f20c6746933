using System.Text.Json.Nodes;
using ICPO.Jinja;
using ICPO.Tokenizers.ChatTemplates;

namespace ICPO.Tokenizers.Tests.ChatTemplates;

/// <summary>No template hangs, fills the memory or ends the process; what is merely long is rendered.</summary>
public sealed class ChatTemplateLimitTests
{
    private const string TooMuch = "more than";
    private const string TooDeep = "recursion depth";

    [Theory]
    [InlineData("with", "")]
    [InlineData("set x", "endset")]
    [InlineData("macro x()", "endmacro")]
    [InlineData("generation", "endgeneration")]
    [InlineData("block x", "endblock")]
    [InlineData("filter upper", "endfilter")]
    public void Tags_that_nest_too_deeply_are_refused(string tag, string end)
    {
        string template =
            string.Concat(Enumerable.Repeat($"{{% {tag} %}}", 50_000))
            + string.Concat(Enumerable.Repeat($"{{% {(end.Length > 0 ? end : "endwith")} %}}", 50_000));
        Assert.Contains("nests too deeply", Assert.Throws<TemplateException>(() => ChatTemplate.Parse(template)).Reason);
    }

    [Fact]
    public void A_chain_of_filters_that_is_too_long_is_refused() =>
        Refused("{% filter upper" + string.Concat(Enumerable.Repeat("|upper", 500_000)) + " %}x{% endfilter %}", TooDeep);

    [Fact]
    public void What_was_parsed_where_there_is_room_is_refused_where_there_is_none()
    {
        ChatTemplate? template = null;
        string source =
            string.Concat(Enumerable.Repeat("{% with %}", 20_000))
            + "{% set x = 1 %}{{ x }}"
            + string.Concat(Enumerable.Repeat("{% endwith %}", 20_000));
        Assert.Null(Caught(256 << 20, () => template = ChatTemplate.Parse(source)));
        string reason = Assert.IsType<TemplateException>(Caught(1 << 20, () => template!.Render([]))).Reason;
        Assert.Contains(TooDeep, reason);
    }

    [Theory]
    [InlineData("[1]", "ns.x | map('string')", "{{ ns.x | list }}", TooDeep)]
    [InlineData("(1,)", "(ns.x,)", "{{ ('%s' | safe) % ns.x }}", "too deeply")]
    [InlineData("(1,)", "(ns.x,)", "{{ ('{}' | safe).format(ns.x) }}", "too deeply")]
    [InlineData("(1,)", "(ns.x,)", "{{ ns.x | tojson }}", "too deeply")]
    [InlineData("(1,)", "(ns.x,)", "{{ ns.x < (ns.x, 1) }}", "too deeply")]
    public void Values_that_nest_too_deeply_are_refused(string first, string next, string use, string says) =>
        Refused($"{{% set ns = namespace(x={first}) %}}{{% for i in range(100000) %}}{{% set ns.x = {next} %}}{{% endfor %}}{use}", says);

    [Theory]
    [InlineData("{{ ('%s' | safe) % ns.x }}")]
    [InlineData("{{ ns.x }}")]
    [InlineData("{{ ns.x | string | length }}")]
    public void A_value_that_holds_itself_twice_at_each_level_is_refused(string use) =>
        Refused("{% set ns = namespace(x=(1,)) %}{% for i in range(60) %}{% set ns.x = (ns.x, ns.x) %}{% endfor %}" + use, TooMuch);

    [Theory]
    [InlineData("{{ (range(100000) | list) | tojson(separators=('x' * 100000, ':')) }}")]
    [InlineData("{{ {'a': [1] * 100000} | tojson(indent='y' * 100000) }}")]
    [InlineData("{{ ('x ' * 20000) | wordwrap(1, true, 'y' * 100000) }}")]
    [InlineData("{{ ('{0}' * 1000).format('a' * 10000000) }}")]
    [InlineData("{{ [('x' * 100000) | safe] * 100000 }}")]
    [InlineData("{{ (['a' * 1000000] * 2000) | map('upper') | list }}")]
    [InlineData("{{ (['<' * 1000000] * 2000) | map('escape') | list }}")]
    [InlineData("{{ (['a ' * 1000000] * 2000) | map('trim') | list }}")]
    [InlineData("{% for x in ['ab ' * 1000000] * 300 %}{{ x.title() | length }}{% endfor %}")]
    [InlineData("{{ ('a' * 100000000).split('a') | length }}")]
    [InlineData("{{ ('a ' * 50000000).split() | length }}")]
    [InlineData("{{ ('a\n' * 50000000).splitlines() | length }}")]
    [InlineData("{{ ('a' * 60000000).replace('', 'bbbb') | length }}")]
    [InlineData("{{ ('a' * 100000000) | list | length }}")]
    [InlineData("{{ ('ab' * 60000000)[::-1] | length }}")]
    [InlineData("{{ ('x' | e).join('y' * 100000000) }}")]
    [InlineData("{{ [{'a': 1}] | sort(attribute='a,' * 50000000) }}")]
    [InlineData("{{ {'l': ['v' * 1000000] * 1000} | urlencode }}")]
    [InlineData("{{ '%a' % ('\U0001F642' * 30000000) }}")]
    [InlineData("{{ ('%1000000d' * 1000) % ((1,) * 1000) }}")]
    [InlineData("{{ strftime_now('%1000000d' * 1000) }}")]
    public void Text_is_counted_before_it_fills_the_memory(string template) => Refused(template, TooMuch);

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
        "{% set ns = namespace(x=1) %}{% for i in range(100000) %}{% for j in range(100000) %}{% set ns.x = ns.x + ns.x %}{% endfor %}{% endfor %}",
        TooMuch
    )]
    public void What_is_too_wide_or_too_much_work_is_refused(string template, string says) => Refused(template, says);

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
    public void Text_that_is_searched_again_and_again_is_counted(string use) =>
        Refused(
            "{% set x = '7' * 20000000 %}{% set y = x ~ '7' %}{% set y = y[1:] %}{% for i in range(100000) %}{% for j in range(100000) %}{% set z = "
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
    public void What_is_merely_long_is_rendered(string template, string expected) => Assert.Equal(expected, Render(template));

    [Fact]
    public void The_text_of_the_model_is_found_in_many_places()
    {
        RenderedChat rendered = ChatTemplate
            .Parse("{% for i in range(50000) %}\U0001F642{% generation %}{{ messages[0].content }}{% endgeneration %}{% endfor %}")
            .Render(new ChatRequest([new JsonObject { ["role"] = "user", ["content"] = new string('x', 1000) }]));
        Assert.Equal(50_000, rendered.Generations.Count);
        Assert.Equal((50_049_999 - 1000 + 1, 50_050_000), rendered.Generations[^1]);
    }

    /// <summary>What is thrown where there is so much stack.</summary>
    private static Exception? Caught(int stack, Action action)
    {
        Exception? caught = null;
        var thread = new Thread(() => caught = Record.Exception(action), stack) { IsBackground = true };
        thread.Start();
        Assert.True(thread.Join(TimeSpan.FromMinutes(2)), "it did not end");
        return caught;
    }

    private static void Refused(string template, string says) =>
        Assert.Contains(says, Assert.Throws<TemplateException>(() => Render(template)).Reason);

    private static string Render(string template) => ChatTemplate.Parse(template).Render([]);
}
