namespace ICPO.Jinja.Tests;

/// <summary>Deep nesting fails the rendering instead of overflowing the stack, which would end the process.</summary>
public sealed class NestingLimitTests
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
    public void Tags_that_nest_too_deeply_are_rejected(string tag, string end)
    {
        string template =
            string.Concat(Enumerable.Repeat($"{{% {tag} %}}", 50_000))
            + string.Concat(Enumerable.Repeat($"{{% {(end.Length > 0 ? end : "endwith")} %}}", 50_000));
        Assert.Contains("nests too deeply", Assert.Throws<TemplateException>(() => JinjaTemplate.Parse(template)).Reason);
    }

    [Fact]
    public void A_chain_of_filters_that_is_too_long_is_rejected() =>
        Rejected("{% filter upper" + string.Concat(Enumerable.Repeat("|upper", 500_000)) + " %}x{% endfilter %}", TooDeep);

    [Fact]
    public void A_template_parsed_on_a_large_stack_fails_on_a_small_one_without_ending_the_process()
    {
        JinjaTemplate? template = null;
        string source =
            string.Concat(Enumerable.Repeat("{% with %}", 20_000))
            + "{% set x = 1 %}{{ x }}"
            + string.Concat(Enumerable.Repeat("{% endwith %}", 20_000));
        Assert.Null(Caught(256 << 20, () => template = JinjaTemplate.Parse(source)));
        string reason = Assert.IsType<TemplateException>(Caught(1 << 20, () => template!.Render([]))).Reason;
        Assert.Contains(TooDeep, reason);
    }

    [Theory]
    [InlineData("[1]", "ns.x | map('string')", "{{ ns.x | list }}", TooDeep)]
    [InlineData("(1,)", "(ns.x,)", "{{ ('%s' | safe) % ns.x }}", "too deeply")]
    [InlineData("(1,)", "(ns.x,)", "{{ ('{}' | safe).format(ns.x) }}", "too deeply")]
    [InlineData("(1,)", "(ns.x,)", "{{ ns.x | tojson }}", "too deeply")]
    [InlineData("(1,)", "(ns.x,)", "{{ ns.x < (ns.x, 1) }}", "too deeply")]
    public void Values_that_nest_too_deeply_are_rejected(string first, string next, string use, string says)
    {
        string loop = $"{{% for i in range(12000) %}}{{% set ns.x = {next} %}}{{% endfor %}}";
        string template = $"{{% set ns = namespace(x={first}) %}}{loop}{use}";
        Assert.Contains(says, Assert.IsType<TemplateException>(Caught(1 << 20, () => Rendered.Text(template))).Reason);
    }

    [Theory]
    [InlineData("{{ ('%s' | safe) % ns.x }}")]
    [InlineData("{{ ns.x }}")]
    [InlineData("{{ ns.x | string | length }}")]
    public void A_value_that_contains_another_twice_at_each_level_is_rejected(string use) =>
        Rejected("{% set ns = namespace(x=(1,)) %}{% for i in range(60) %}{% set ns.x = (ns.x, ns.x) %}{% endfor %}" + use, TooMuch);

    /// <summary>The exception that an action throws on a thread with this stack size.</summary>
    private static Exception? Caught(int stack, Action action)
    {
        Exception? caught = null;
        var thread = new Thread(() => caught = Record.Exception(action), stack) { IsBackground = true };
        thread.Start();
        Assert.True(thread.Join(TimeSpan.FromMinutes(2)), "the action did not end");
        return caught;
    }

    private static void Rejected(string template, string says) =>
        Assert.Contains(says, Assert.Throws<TemplateException>(() => Rendered.Text(template)).Reason);
}
