namespace ICPO.Jinja.Tests;

/// <summary>Behavior of Jinja2 and Python that is easy to get wrong.</summary>
public sealed class JinjaTests
{
    [Theory]
    [InlineData("{% for x in [1, 2] %}{{ given }}{% endfor %}{% set given = 3 %}{{ given }}", "3")]
    [InlineData("{% macro show() %}[{{ given }}]{% endmacro %}{{ show() }}{% set given = 3 %}{{ show() }}", "[][3]")]
    [InlineData("{{ given }}{% for x in [1, 2] %}{{ given }}{% endfor %}{% set given = 3 %}{{ given }}", "outsideoutsideoutside3")]
    [InlineData("{% for x in [1] %}{{ given }}{% endfor %}{% if false %}{% set given = 3 %}{% endif %}{{ given }}", "outsideoutside")]
    [InlineData(
        "{% for x in [1] %}{{ given }}{% endfor %}{% if false %}{% set given = 3 %}{% elif false %}{% set given = 4 %}{% "
            + "else %}{% set given = 5 %}{% endif %}{{ given }}",
        "outside5"
    )]
    [InlineData(
        "{% set given = given ~ '!' %}{% for x in [1] %}{% set given = given ~ x %}{{ given }}{% endfor %}{{ given }}",
        "outside!1outside!"
    )]
    [InlineData("{% macro show(a=b, b=2) %}{{ a }}{{ b }}{% endmacro %}{% set b = 9 %}{{ show() }}", "2")]
    public void A_frame_owns_what_it_assigns_before_reading_it(string template, string expected) =>
        Assert.Equal(expected, Rendered.Text(template));

    [Theory]
    [InlineData("{% for x in [1, 2] %}{% break %}{% else %}none{% endfor %}", "none")]
    [InlineData("{% for x in [1, 2] %}{% if x == 2 %}{% continue %}{% endif %}{{ x }}{% else %}none{% endfor %}", "1")]
    [InlineData("{% for x in [] %}{{ x }}{% else %}none{% endfor %}", "none")]
    public void The_else_of_a_loop_runs_if_no_iteration_completes(string template, string expected) =>
        Assert.Equal(expected, Rendered.Text(template));

    [Theory]
    [InlineData("{% for a in [1,2,3] %}{{a}}{% for b in [] %}{% else %}{% break %}{% endfor %}{% endfor %}", "1")]
    [InlineData("{% for a in [1,2,3] %}{{a}}{% for b in [] %}{% else %}{% continue %}{% endfor %}x{% endfor %}", "123")]
    [InlineData(
        "{% for a in [1,2,3] %}{{a}}{% for b in [1] %}{% continue %}{% else %}{% if a == 2 %}{% break %}{% endif %}{% endfor "
            + "%}x{% else %}e{% endfor %}",
        "1x2"
    )]
    [InlineData("{% for b in [] recursive %}{% else %}{% for c in [1, 2] %}{{ c }}{% break %}{% endfor %}{% endfor %}", "1")]
    [InlineData("{% for a in [1,2] %}{{ a }}{% set x %}{% for b in [] %}{% else %}{% break %}{% endfor %}{% endset %}{% endfor %}", "1")]
    public void The_else_of_a_loop_can_leave_the_loop_around_it(string template, string expected) =>
        Assert.Equal(expected, Rendered.Text(template));

    [Fact]
    public void A_block_sees_the_variables_around_it_only_if_it_is_scoped() =>
        Assert.Equal(
            "99|12",
            Rendered.Text(
                "{% set x = 9 %}{% for x in [1, 2] %}{% block a %}{{ x }}{% endblock %}{% endfor %}|{% for x in [1, 2] %}{% block b "
                    + "scoped %}{{ x }}{% endblock %}{% endfor %}"
            )
        );

    [Fact]
    public void The_condition_of_a_loop_sees_the_loop_around_it() =>
        Assert.Equal(
            "a1.b2.",
            Rendered.Text("{% for x in ['a', 'b'] %}{% for y in [1, 2] if y == loop.index %}{{ x }}{{ y }}.{% endfor %}{% endfor %}")
        );

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
    [InlineData("{% for a in [1,2] %}{% for b in [] recursive %}{% else %}{% break %}{% endfor %}{% endfor %}")]
    [InlineData("{{ '%*d' % (-(10**20), 3) }}")]
    public void Templates_that_Jinja2_rejects_are_rejected(string template) =>
        Assert.Throws<TemplateException>(() => Rendered.Text(template));

    [Theory]
    [InlineData(
        "{{ '{:08,}|{:+}|{:🙂^6}|{:.3}|{:#x}|{:z.1f}'.format(1234, true, 'ab', 100.0, 255, -0.01) }}",
        "0,001,234|+1|🙂🙂ab🙂🙂|1e+02|0xff|0.0"
    )]
    [InlineData("{{ '{:{}}|{1}'.format('x', 3) if false else '{0:{1}}|{1}'.format('x', 3) }}", "x  |3")]
    [InlineData("{{ '%.f|%#.3g|%-5d|%05d|%a' % (2.5, 100.0, 7, -7, 'é') }}", "2|100.|7    |-0007|'\\xe9'")]
    [InlineData("{{ '100%%' % {} }}{{ '{a[0].k}'.format_map({'a': [{'k': 1}]}) }}", "100%1")]
    [InlineData(
        "{{ '%o|%#o|%o' % (0, 8, 2 ** 70) }}|{{ '{:,}|{:,}|{:_x}|{:012,}|{:011,}'.format(123, 1234567, 1048576, 1234, 1234) }}",
        "0|0o10|200000000000000000000000|123|1,234,567|10_0000|0,000,001,234|000,001,234"
    )]
    public void Formatting_follows_Python(string template, string expected) => Assert.Equal(expected, Rendered.Text(template));

    [Theory]
    [InlineData(
        "{{ 91780657579834767 / 75 }} {{ 0 / -3 }} {{ 91780657579834767 | float }}",
        "1223742101064463.5 -0.0 9.178065757983477e+16"
    )]
    [InlineData("{{ 'well-known words' | wordwrap(7) }}", "well-\nknown\nwords")]
    [InlineData("{{ [1, 2] | truncate(9) }}{{ missing | truncate(9) }}", "[1, 2]")]
    [InlineData("{{ ('<b>' | e).split('b') }}{{ ('%s' | safe) | format('<') }}", "[Markup('&lt;'), Markup('&gt;')]&lt;")]
    [InlineData("{{ ([{'k': 1}] | groupby('k'))[0] | length }}{{ 'a'.startswith('', 5) }}{{ (1, 2, 1).index(1, -1) }}", "2False2")]
    [InlineData("{{ 'ΣΑΣ ı ß'.casefold() }} {{ 'नमस्ते दुनिया' | wordcount }}", "σασ ı ss 5")]
    [InlineData("{{ strftime_now('%5Y|%-d|%#a|%D|%-f|%q|%') }}", "02026|5|SAT|09/05/26|%-f|%q|%")]
    [InlineData("{{ given.0x0 }}{{ given.1 }}", "ou")]
    [InlineData(
        "{{ '%*d|' % (-5, 3) }}{{ '%*d|' % (-1, 3) }}{{ '%0*d|%-*d|' % (-4, 3, 4, 5) }}{{ '%.*f' % (-1, 2.5) }}",
        "3    |3|3   |5   |2"
    )]
    [InlineData(
        "{{ 'hello'|center(-1000000000000) }}{{ 'hello'.rjust(-1000000000000) }}{{ 'hello'.ljust(-(2**31)) }}{{ '-5'.zfill(-(2**31)) }}",
        "hellohellohello-5"
    )]
    [InlineData(
        "{{ 'a🙂b'.replace('', '-') }}{{ 'ab'.replace('', '-', 2) }}{{ ''.replace('', 'x') }}{{ 'aXbX'.replace('X', '', 1) "
            + "}}{{ 'ab'.replace('b', '') }}|{{ 'b'.replace('b', '') }}|{{ 'ab'.replace('', '', 1) }}",
        "-a-🙂-b--a-bxabXa||ab"
    )]
    [InlineData("{{ '🙂ab🙂c🙂'.strip('🙂c') }}{{ 'xxaxx'.lstrip('x') }}{{ 'xxaxx'.rstrip('x') }}", "abaxxxxa")]
    [InlineData(
        "{{ 'a🙂bc'[1:3] }}{{ 'a🙂bc'[3:1] }}{{ 'a🙂bc'[-2:] }}{{ 'a🙂bc'[::-1] }}{{ 'a🙂bc'[::2] }}{{ ('<a>'|e)[1:3] is escaped "
            + "}}{{ 'abc'[5:9] }}{{ 'abc'[0:-9] }}",
        "🙂bbccb🙂aabTrue"
    )]
    [InlineData("{{ \"ΑΣ 'Σ. ΑΣ'Α Σ ΑΣ🙂 𝐀Σ Α\\u0301Σ\\u0301 ΣΣ\"|lower }}", "ας 'σ. ασ'α σ ας🙂 𝐀ς α\u0301ς\u0301 σς")]
    [InlineData(
        "{{ 'a<b>c</b><!-- x <i> -->d<e'|striptags }}|{{ '<!-->x--> y'|striptags }}|{{ '<!-- a'|striptags }}|{{ '&lt;b&gt; "
            + "<p> a  b</p>'|striptags }}",
        "acd<e|x--> y|<!-- a|<b> a b"
    )]
    [InlineData(
        "{{ 'a-b'.partition('-') }}{{ 'a-b-c'.rpartition('-') }}{{ 'ab'.partition('-') }}{{ 'ab'.rpartition('-') }}",
        "('a', '-', 'b')('a-b', '-', 'c')('ab', '', '')('', '', 'ab')"
    )]
    [InlineData(
        "{{ 'aXbXc'.rsplit('X', 1) }}{{ 'a b  c'.rsplit(none, 1) }}{{ 'aXbXc'.split('X', 1) }}{{ 'aaaa'.count('aa') }}{{ "
            + "'abc'.count('') }}{{ ''.count('', 1) }}",
        "['aXb', 'c']['a b', 'c']['a', 'bXc']240"
    )]
    [InlineData(
        "{{ range(0, 3, 2) == range(0, 4, 2) }}{{ range(3) == range(1, 4) }}{{ range(0) == range(5, 2) }}{{ range(0, 5) == "
            + "range(0, 5, 2) }}{{ range(1) == range(0, 5, 9) }}",
        "TrueFalseTrueFalseTrue"
    )]
    [InlineData(
        "{{ (1,2)|last }}{{ ''|last }}{{ 'a🙂'|last }}{{ {'a':1,'b':2}|last }}{{ range(4)|last }}{{ ('<b'|e)|last is escaped "
            + "}}{{ 'a🙂b'|reverse }}",
        "2🙂b3Trueb🙂a"
    )]
    [InlineData("{{ [1,2]|batch(1000000000)|list }}{{ [1,2,3]|batch(2, 'x')|list }}", "[[1, 2]][[1, 2], [3, 'x']]")]
    [InlineData("{{ 'the long  words\\n\\n  of a text'|wordwrap(6, true, '/') }}", "the/long/words//  of a/text")]
    [InlineData(
        "{{ ('x' * 70 ~ 'y' * 3).find('x' * 66 ~ 'y') }} {{ ('ab' * 50).rfind('ab' * 40) }} {{ ('ab' * 50).count('ab' * 40) "
            + "}} {{ ('ab' * 100).count('ab' * 40) }} {{ ('a' * 100).rfind('a' * 70) }} {{ ('a' * 70 ~ 'b') in ('a' * 99 ~ 'b') }} "
            + "{{ ('c' ~ 'ab' * 40 ~ 'd').split('ab' * 40) }} {{ ('c' ~ 'ab' * 40 ~ 'd').rsplit('ab' * 40, 1) }} {{ ('c' ~ 'ab' * "
            + "40 ~ 'd').partition('ab' * 40)[2] }} {{ ('ab' * 81).replace('ab' * 40, '-') }}",
        "4 20 1 2 30 True ['c', 'd'] ['c', 'd'] d --ab"
    )]
    [InlineData(
        "{{ 'a1 b-c (d'|title }}{{ {'a b': 'ü&', 'c': 1}|urlencode }}{{ {'a': '<', 'b': 2}|xmlattr }}{{ 'é/'|urlencode }}",
        "A1 B-C (Da+b=%C3%BC%26&c=1 a=\"&lt;\" b=\"2\"%C3%A9/"
    )]
    [InlineData(
        "{{ [('<'|e), 10**20, 1.5, none, range(2)] }}{{ '%a' % 'é🙂\\n' }}",
        "[Markup('&lt;'), 100000000000000000000, 1.5, None, range(0, 2)]'\\xe9\\U0001f642\\n'"
    )]
    [InlineData("{{ ('<{}>'|e).format('<') }}{{ ('%s %s'|e) % ('<', 1) }}", "&lt;&lt;&gt;&lt; 1")]
    [InlineData(
        "{{ 2 ** 100 }} {{ (10 ** 30) // 7 }} {{ (10 ** 30) % 7 }}",
        "1267650600228229401496703205376 142857142857142857142857142857 1"
    )]
    public void Values_are_those_of_Python(string template, string expected) => Assert.Equal(expected, Rendered.Text(template));

    [Theory]
    [InlineData("{{ ('ab ' * 300000).split() | length }}", "300000")]
    [InlineData("{{ ('ab ' * 300000).rsplit() | length }}", "300000")]
    public void Long_texts_are_split_quickly(string template, string expected) => Assert.Equal(expected, Rendered.Text(template));
}
