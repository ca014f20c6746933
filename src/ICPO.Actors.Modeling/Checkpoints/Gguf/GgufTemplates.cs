using System.Text.Json.Nodes;
using ICPO.Jinja;
using ICPO.Tokenizers.ChatTemplates;

namespace ICPO.Actors.Modeling.Checkpoints.Gguf;

/// <summary>The chat templates inside a GGUF file: the default one, and named ones under keys that end with their names.</summary>
internal static class GgufTemplates
{
    private const string Key = "tokenizer.chat_template";

    /// <summary>
    /// What tokenizer_config.json has as chat_template: the default template alone, or a list where there are named ones; null if there
    /// is none.
    /// </summary>
    public static JsonNode? Create(GgufFile file)
    {
        var keys = new GgufKeys(file);
        string[] named = [.. file.Keys.Where(key => key.StartsWith($"{Key}.", StringComparison.Ordinal))];
        if (named.Length == 0)
        {
            return keys.Text(Key);
        }

        return new JsonArray([
            .. named
                .Prepend(Key)
                .Where(key => keys.Text(key) is not null)
                .Select(key => new JsonObject
                {
                    ["name"] = key == Key ? ChatTemplateFiles.Default : key[(Key.Length + 1)..],
                    ["template"] = keys.Text(key),
                }),
        ]);
    }

    /// <summary>A template, with the special tokens that it may print.</summary>
    /// <param name="file">The file.</param>
    /// <param name="name">Which of several; null takes the default one, and the one named tool_use for conversations with tools.</param>
    /// <exception cref="InvalidDataException">There is none; names the key.</exception>
    /// <exception cref="TemplateException">It does not parse; names the line.</exception>
    public static ChatTemplate Load(GgufFile file, string? name) =>
        Find(file, name)
        ?? throw new InvalidDataException(
            $"{file.Path} has no chat template{(name is null ? "" : $" named '{name}'")}: the key {KeyOf(name)} is missing."
        );

    /// <summary>As <see cref="Load"/>; null if the file has none of that name.</summary>
    public static ChatTemplate? Find(GgufFile file, string? name = null)
    {
        var keys = new GgufKeys(file);
        string key = KeyOf(name);
        if (keys.Text(key) is not { } source)
        {
            return null;
        }

        var tokens = GgufTokenizer
            .CreateConfig(file, 0)
            .Where(p => p.Key.EndsWith("_token", StringComparison.Ordinal))
            .ToDictionary(p => p.Key, p => p.Value!.GetValue<string>());
        ChatTemplate template = Parse(key, source);
        const string Tools = $"{Key}.{ChatTemplateFiles.ForTools}";
        return name is null && keys.Text(Tools) is { } tools ? template.WithTools(Parse(Tools, tools)) : template;

        ChatTemplate Parse(string at, string text) => ChatTemplate.Parse(text, $"{file.Path} {at}", tokens);
    }

    private static string KeyOf(string? name) => name is null or ChatTemplateFiles.Default ? Key : $"{Key}.{name}";
}
