using System.Text.Json.Nodes;
using ICPO.Jinja;
using ICPO.Tokenizers.ChatTemplates;

namespace ICPO.Tokenizers.Tests.ChatTemplates;

public sealed class ChatTemplateTests
{
    [Fact]
    public void A_template_reads_the_messages() =>
        Assert.Equal("user: hi\n", Render("{% for m in messages %}\n{{ m.role }}: {{ m.content | trim }}\n{% endfor %}").Text);

    [Fact]
    public void An_error_names_the_line() =>
        Assert.StartsWith("chat template:2: ", Assert.Throws<TemplateException>(() => Render("a\nb {{ x.y }}")).Message);

    [Fact]
    public void A_directory_names_its_template_and_its_special_tokens()
    {
        using var folder = new TemporaryFolder();
        string settings = Path.Combine(folder.Path, "tokenizer_config.json");
        File.WriteAllText(
            settings,
            """
            {
              "bos_token": {"content": "<s>"},
              "chat_template": [{"name": "default", "template": "{{ bos_token }}D"}, {"name": "rag", "template": "R"}]
            }
            """
        );
        Assert.Equal("<s>D", ChatTemplateFiles.Load(folder.Path).Render(Request).Text);
        Assert.Equal("R", ChatTemplateFiles.Load(folder.Path, "rag").Render(Request).Text);
        Assert.Matches(
            "'none'.*default, rag",
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
    public void The_last_of_equal_keys_counts() =>
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

    private static RenderedTemplate Render(string template) => ChatTemplate.Parse(template).Render(Request);
}
