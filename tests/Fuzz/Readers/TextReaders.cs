using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using ICPO.DataFiles.Json;
using ICPO.MathAnswers;
using ICPO.Tokenizers;
using ICPO.Tokenizers.ChatTemplates;

namespace Fuzz.Readers;

/// <summary>Readers of templates, tokenizers and answers.</summary>
internal static class TextReaders
{
    private const string Sample =
        "Ada has 3 apples, it's 12:30. \u00C9t\u00E9 \u4F60\u597D \uFDFA \U0001F642\n\n  <s>end</s> \u0939\u093F aaaa";

    private static readonly MathJudge Judge = new();

    private static readonly ChatTemplate Chats = ChatTemplate.Parse(
        "{% for m in messages %}<|{{ m.role }}|>{{ m['content'] | trim }}{% if m.tool_calls %}{{ m.tool_calls | tojson }}{% endif %}"
            + "{% endfor %}{% if add_generation_prompt %}<|assistant|>{% endif %}"
    );

    public static void Template(byte[] input)
    {
        var template = ChatTemplate.Parse(
            Encoding.UTF8.GetString(input),
            specialTokens: new Dictionary<string, string> { ["bos_token"] = "<s>", ["eos_token"] = "</s>" }
        );
        template.Render(
            new ChatRequest([
                new JsonObject { ["role"] = "system", ["content"] = "Be brief." },
                new JsonObject { ["role"] = "user", ["content"] = Sample },
            ])
            {
                AddGenerationPrompt = true,
            }
        );
    }

    /// <summary>Messages as a program gets them, as JSON.</summary>
    public static void Chat(byte[] input)
    {
        using var json = JsonFile.Parse("messages", input);
        if (json.Keys.Value.TryGetProperty("messages", out JsonElement messages) && messages.ValueKind == JsonValueKind.Array)
        {
            IEnumerable<JsonProperty> more = json
                .Keys.Value.EnumerateObject()
                .Where(key => key.Name != "messages")
                .DistinctBy(key => key.Name);
            Chats.Render(
                new ChatRequest(JsonArray.Create(messages)!)
                {
                    Arguments = new JsonObject(more.Select(key => KeyValuePair.Create(key.Name, Node(key.Value)))),
                }
            );
        }

        static JsonNode? Node(JsonElement value) =>
            value.ValueKind switch
            {
                JsonValueKind.Object => JsonObject.Create(value),
                JsonValueKind.Array => JsonArray.Create(value),
                JsonValueKind.Null => null,
                _ => JsonValue.Create(value),
            };
    }

    public static void Tokenizer(byte[] input)
    {
        Tokenizer tokenizer = TokenizerJson.Parse("tokenizer.json", input);
        int[] ids = tokenizer.Encode(Sample);
        tokenizer.Decode(ids);
        tokenizer.Decode([.. Enumerable.Range(0, 300)]);
    }

    /// <summary>A pre-tokenizer's pattern; the rest of the tokenizer is fixed.</summary>
    public static void Pattern(byte[] input)
    {
        string pattern = JsonSerializer.Serialize(Encoding.UTF8.GetString(input));
        string json =
            "{\"model\": {\"type\": \"BPE\", \"vocab\": {\"a\": 0}, \"merges\": []}, \"pre_tokenizer\": {\"type\": \"Split\", "
            + $"\"pattern\": {{\"Regex\": {pattern}}}, \"behavior\": \"Isolated\"}}, \"decoder\": {{\"type\": \"Fuse\"}}}}";
        TokenizerJson.Parse("tokenizer.json", Encoding.UTF8.GetBytes(json)).Encode(Sample + new string('a', 200));
    }

    /// <summary>The first line is the gold answer, the rest the response.</summary>
    public static void Math(byte[] input)
    {
        string[] parts = Encoding.UTF8.GetString(input).Split('\n', 2);
        (string gold, string response) = (parts[0], parts.Length > 1 ? parts[1] : parts[0]);
        Judge.Judge(gold, response);
        Judge.Judge(response, gold, cutOff: true);
        Judge.JudgeAnswer(gold, response);
    }
}
