namespace ICPO.Jinja.Tests;

/// <summary>Text is counted before it exhausts memory.</summary>
public sealed class MemoryLimitTests
{
    private const string TooMuch = "more than";

    [Theory]
    [InlineData("{{ (range(100000) | list) | tojson(separators=('x' * 100000, ':')) }}")]
    [InlineData("{{ {'a': [1] * 100000} | tojson(indent='y' * 100000) }}")]
    [InlineData("{{ ('x ' * 20000) | wordwrap(1, true, 'y' * 100000) }}")]
    [InlineData("{{ ('{0}' * 1000).format('a' * 10000000) }}")]
    [InlineData("{{ ('a' * 100000000).split('a') | length }}")]
    [InlineData("{{ ('a ' * 50000000).split() | length }}")]
    [InlineData("{{ ('a\n' * 50000000).splitlines() | length }}")]
    [InlineData("{{ ('a' * 60000000).replace('', 'bbbb') | length }}")]
    [InlineData("{{ ('a' * 100000000) | list | length }}")]
    [InlineData("{{ ('ab' * 60000000)[::-1] | length }}")]
    [InlineData("{{ ('x' | e).join('y' * 100000000) }}")]
    [InlineData("{{ [{'a': 1}] | sort(attribute='a,' * 50000000) }}")]
    [InlineData("{{ ('%1000000d' * 1000) % ((1,) * 1000) }}")]
    [InlineData("{{ strftime_now('%1000000d' * 1000) }}")]
    public void Text_is_counted_before_it_exhausts_memory(string template) =>
        Assert.Contains(TooMuch, Assert.Throws<TemplateException>(() => Rendered.Text(template)).Reason);

    [Theory]
    [InlineData("{{ [('x' * 100000) | safe] * 6250 }}")]
    [InlineData("{{ (['a' * 1000000] * 125) | map('upper') | list }}")]
    [InlineData("{{ (['<' * 1000000] * 125) | map('escape') | list }}")]
    [InlineData("{{ (['a ' * 1000000] * 125) | map('trim') | list }}")]
    [InlineData("{% for x in ['ab ' * 1000000] * 20 %}{{ x.title() | length }}{% endfor %}")]
    [InlineData("{{ {'l': ['v' * 1000000] * 63} | urlencode }}")]
    [InlineData("{{ '%a' % ('\U0001F642' * 1875000) }}")]
    public void Text_made_one_character_at_a_time_is_counted(string template) =>
        Assert.Contains(TooMuch, Assert.Throws<TemplateException>(() => Rendered.Text(template)).Reason);
}
