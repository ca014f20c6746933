using System.Text.Json.Nodes;
using ICPO.Jinja;
using ICPO.Tokenizers.ChatTemplates;

namespace ICPO.Tokenizers.Tests.ChatTemplates;

public sealed class ChatTemplateTests
{
    [Theory]
    [InlineData("{% for m in messages %}\n{{ m.role }}: {{ m.content | trim }}\n{% endfor %}", "user: hi\n")]
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
    public void Text_is_what_Python_would_print(string template, string expected) => Assert.Equal(expected, Render(template).Text);

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
        TemplateException error = Assert.Throws<TemplateException>(() => Render(template));
        Assert.Equal(line, error.Line);
        Assert.Contains(says, error.Message);
        Assert.StartsWith($"chat template:{line}: ", error.Message);
    }

    [Fact]
    public void What_a_template_raises_is_told_as_it_says_it()
    {
        TemplateException error = Assert.Throws<TemplateException>(() => Render("{{ raise_exception('Roles must alternate') }}"));
        Assert.Equal((true, "Roles must alternate"), (error.RaisedByTemplate, error.Reason));
    }

    [Theory]
    [InlineData("{% for a in range(99999) %}{% for b in range(99999) %}{% endfor %}{% endfor %}")]
    [InlineData("{% macro f() %}{{ f() }}{% endmacro %}{{ f() }}")]
    [InlineData("{{ 'x' * 10 ** 12 }}")]
    [InlineData("{{ 10 ** (10 ** 10) }}")]
    [InlineData("{{ range(10 ** 9) }}")]
    [InlineData("{{ '%999999999d' | format(1) }}")]
    [InlineData("{{ 'a'.center(2000000000) }}")]
    [InlineData("{% set ns = namespace(s='ab') %}{% for i in range(99999) %}{% set ns.s = ns.s ~ ns.s %}{% endfor %}")]
    [InlineData("{% set ns = namespace(l=[1]) %}{% for i in range(99999) %}{% set ns.l = [ns.l] %}{% endfor %}{{ ns.l }}")]
    [InlineData("{{ [1] | slice(2000000000) | list }}")]
    [InlineData("{% set x = namespace() %}{% set x.x = x %}{{ x }}")]
    [InlineData("{% set ns = namespace(t=()) %}{% for i in range(99999) %}{% set ns.t = (ns.t,) %}{% endfor %}{{ {ns.t: 1} }}")]
    [InlineData("{% set ns = namespace(l=[1]) %}{% for i in range(60) %}{% set ns.l = [ns.l, ns.l] %}{% endfor %}{{ ns.l }}")]
    [InlineData(
        "{% set ns = namespace(a=[1], b=[1]) %}{% for i in range(60) %}{% set ns.a = [ns.a, ns.a] %}{% set ns.b = [ns.b, ns.b] %}{% endfor %}{{ ns.a == ns.b }}"
    )]
    [InlineData("{{ (['x' * 1000000] * 1000000) | tojson }}")]
    [InlineData("{{ ('x' * 1000000) | wordwrap(1) }}")]
    public void A_template_cannot_hang_or_fill_the_memory(string template) => Assert.Throws<TemplateException>(() => Render(template));

    [Fact]
    public void Deep_nesting_in_the_source_is_refused() =>
        Assert.Throws<TemplateException>(() => Render("{{ " + new string('(', 200_000) + "1" + new string(')', 200_000) + " }}"));

    [Fact]
    public void The_text_of_the_model_is_marked_in_code_points() =>
        Assert.Equal(
            [(2, 4), (4, 6)],
            Render("🙂 {% generation %}ab{% endgeneration %}{% generation %}🙂!{% endgeneration %}").Generations
        );

    [Fact]
    public void A_directory_names_its_template_and_its_special_tokens()
    {
        using var folder = new TemporaryFolder();
        string settings = Path.Combine(folder.Path, "tokenizer_config.json");
        File.WriteAllText(
            settings,
            """{"bos_token": {"content": "<s>"}, "chat_template": [{"name": "default", "template": "{{ bos_token }}D"}, {"name": "rag", "template": "R"}]}"""
        );
        Assert.Equal("<s>D", ChatTemplateFiles.Load(folder.Path).Render(Request).Text);
        Assert.Equal("R", ChatTemplateFiles.Load(folder.Path, "rag").Render(Request).Text);
        Assert.Contains(
            "'none': choose among default, rag",
            Assert.Throws<InvalidDataException>(() => ChatTemplateFiles.Load(folder.Path, "none")).Message
        );
        File.WriteAllText(Path.Combine(folder.Path, "chat_template.jinja"), "{{ bos_token }}F");
        Assert.Equal("<s>F", ChatTemplateFiles.Load(folder.Path).Render(Request).Text);
        Assert.Throws<InvalidDataException>(() => ChatTemplateFiles.Load(folder.Path, "rag"));
    }

    [Fact]
    public void A_template_for_tools_takes_the_conversations_with_tools()
    {
        using var folder = new TemporaryFolder();
        string more = Directory.CreateDirectory(Path.Combine(folder.Path, "additional_chat_templates")).FullName;
        File.WriteAllText(Path.Combine(folder.Path, "chat_template.jinja"), "plain");
        File.WriteAllText(Path.Combine(more, "tool_use.jinja"), "{{ tools | length }} {{ image_token }}");
        File.WriteAllText(Path.Combine(folder.Path, "tokenizer_config.json"), """{"extra_special_tokens": {"image_token": "<img>"}}""");
        ChatTemplate template = ChatTemplateFiles.Load(folder.Path);
        Assert.Equal("plain", template.Render(Request).Text);
        Assert.Equal("1 <img>", template.Render(Request with { Tools = [new JsonObject()] }).Text);
        Assert.Equal("plain", ChatTemplateFiles.Load(folder.Path, "default").Render(Request with { Tools = [new JsonObject()] }).Text);
    }

    [Fact]
    public void Of_a_key_that_is_there_twice_the_last_counts() =>
        Assert.Equal(
            "b",
            ChatTemplate
                .Parse("{{ messages[0].content }}")
                .Render(new ChatRequest((JsonArray)JsonNode.Parse("""[{"content": "a", "content": "b"}]""")!))
                .Text
        );

    [Fact]
    public void A_deeply_nested_argument_is_rendered()
    {
        JsonNode nested = 1;
        for (int i = 0; i < 200; i++)
        {
            nested = new JsonArray(nested);
        }

        Assert.StartsWith("[[[", ChatTemplate.Parse("{{ x }}").Render(Request with { Arguments = new() { ["x"] = nested } }).Text);
    }

    private static ChatRequest Request => new([new JsonObject { ["role"] = "user", ["content"] = " hi " }]);

    private static RenderedChat Render(string template) => ChatTemplate.Parse(template).Render(Request);
}
