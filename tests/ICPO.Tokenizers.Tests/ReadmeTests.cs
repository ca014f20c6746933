using System.Text.Json.Nodes;
using ICPO.Tokenizers.ChatTemplates;

namespace ICPO.Tokenizers.Tests;

/// <summary>The example of the library's README.</summary>
public sealed class ReadmeTests
{
    // <readme>
    private static (int[] Ids, string Text) Prompt(string modelDirectory)
    {
        Tokenizer tokenizer = TokenizerJson.Load(modelDirectory);
        ChatTemplate template = ChatTemplateFiles.Load(modelDirectory);
        JsonArray messages = [new JsonObject { ["role"] = "user", ["content"] = "2+2=" }];
        string prompt = template.Render(new ChatRequest(messages) { AddGenerationPrompt = true }).Text;
        int[] ids = tokenizer.Encode(prompt);
        return (ids, tokenizer.Decode(ids));
    }

    // </readme>

    [Fact]
    public void The_example_encodes_a_prompt()
    {
        using var folder = new TemporaryFolder();
        CharacterTokenizer.Create("2+=>").Save(folder.Path);
        File.WriteAllText(
            Path.Combine(folder.Path, "chat_template.jinja"),
            "{{ bos_token }}{{ messages[0].content }}{% if add_generation_prompt %}>{% endif %}"
        );
        (int[] ids, string text) = Prompt(folder.Path);
        Assert.Equal("<bos>2+2=>", text);
        Assert.Equal([1, 3, 4, 3, 5, 6], ids);
    }

    [Fact]
    public void The_readme_shows_the_example() => ReadmeExample.ExpectSame("src/libraries/ICPO.Tokenizers", "tests/ICPO.Tokenizers.Tests");
}
