using System.Text.Json.Nodes;
using ICPO.Jinja;
using ICPO.Tokenizers.ChatTemplates;

namespace ICPO.Tokenizers.Tests.ChatTemplates;

/// <summary>Against the renderings of transformers. Fixture rows are recognized by their keys, in any file.</summary>
public sealed class ChatTemplateParityTests
{
    [Fact]
    public void Conversations_render_as_in_transformers()
    {
        string folder = Fixtures.Require("templates");
        var conversations = FixtureRows
            .Read(folder, "conversation", "messages", "arguments")
            .ToDictionary(r => r["conversation"]!.GetValue<string>());
        var templates = FixtureRows
            .Read(folder, "template", "origin")
            .ToDictionary(r => r["template"]!.GetValue<string>(), r => new Lazy<ChatTemplate>(() => Load(folder, r)));
        (int rows, List<string>? failures, int errors) = (0, new List<string>(), 0);
        foreach (JsonObject row in FixtureRows.Read(folder, "template", "conversation"))
        {
            rows++;
            (string? template, string? conversation) = (row["template"]!.GetValue<string>(), row["conversation"]!.GetValue<string>());
            string? expected = row["rendered"]?.GetValue<string>();
            errors += expected is null ? 1 : 0;
            try
            {
                RenderedTemplate actual = templates[template].Value.Render(Request(conversations[conversation]));
                IEnumerable<(int, int)>? spans = row["generation_spans"]
                    ?.AsArray()
                    .Select(s => (s![0]!.GetValue<int>(), s[1]!.GetValue<int>()));
                if (actual.Text != expected || (spans is not null && !spans.SequenceEqual(actual.Generations)))
                {
                    failures.Add($"{template}/{conversation}: {actual.Text} ({string.Join(' ', actual.Generations)})");
                }
            }
            catch (TemplateException e) when (expected is null)
            {
                if (
                    row["raised_by_template"]?.GetValue<bool>() is true
                    && (!e.RaisedByTemplate || e.Reason != row["message"]!.GetValue<string>())
                )
                {
                    failures.Add($"{template}/{conversation}: {e.Message}");
                }
            }
            catch (TemplateException e)
            {
                failures.Add($"{template}/{conversation}: {e.Message}");
            }
        }

        Assert.True(failures.Count == 0, string.Join("\n", failures));
        Fixtures.Count(rows, 0, $"{errors} of them errors");
    }

    [Fact]
    public void Long_conversations_render_in_full()
    {
        string folder = Fixtures.Require("templates");
        var messages = new JsonArray();
        for (int i = 0; i < 200; i++)
        {
            string content = string.Concat(Enumerable.Repeat($"<p>{i}: it's \"said\", \\n and 🙂 thought.</p>\n", 120));
            messages.Add(new JsonObject { ["role"] = i % 2 == 0 ? "user" : "assistant", ["content"] = content });
        }

        var failures = new List<string>();
        int rows = 0;
        foreach (JsonObject row in FixtureRows.Read(folder, "template", "origin"))
        {
            try
            {
                rows++;
                string text = Load(folder, row)
                    .Render(new ChatRequest((JsonArray)messages.DeepClone()) { AddGenerationPrompt = true })
                    .Text;
                if (!text.Contains("<p>0: it's", StringComparison.Ordinal) || !text.Contains("<p>199: it's", StringComparison.Ordinal))
                {
                    failures.Add($"{row["template"]}: {text.Length} characters");
                }
            }
            catch (TemplateException e)
            {
                failures.Add($"{row["template"]}: {e.Message}");
            }
        }

        Assert.True(failures.Count == 0, string.Join("\n", failures));
        Fixtures.Count(rows, 0, "all rows");
    }

    private static ChatTemplate Load(string folder, JsonObject row)
    {
        var tokens = new[] { "bos_token", "eos_token" }
            .Where(t => row[t] is not null)
            .ToDictionary(t => t, t => row[t]!.GetValue<string>());
        string file = Path.Combine(folder, "sources", row["template"]!.GetValue<string>() + ".jinja");
        return ChatTemplate.Parse(File.ReadAllText(file), file, tokens, new FixedClock());
    }

    private static ChatRequest Request(JsonObject row)
    {
        var arguments = (JsonObject)row["arguments"]!.DeepClone();
        (bool prompt, bool proceed) = (Flag("add_generation_prompt"), Flag("continue_final_message"));
        return new((JsonArray)row["messages"]!.DeepClone())
        {
            Tools = row["tools"]?.DeepClone() as JsonArray,
            AddGenerationPrompt = prompt,
            ContinueFinalMessage = proceed,
            Arguments = arguments,
        };

        bool Flag(string key)
        {
            bool value = arguments[key]?.GetValue<bool>() ?? false;
            arguments.Remove(key);
            return value;
        }
    }

    private sealed class FixedClock : TimeProvider
    {
        public override TimeZoneInfo LocalTimeZone => TimeZoneInfo.Utc;

        public override DateTimeOffset GetUtcNow() => new(2026, 1, 15, 12, 34, 56, TimeSpan.Zero);
    }
}
