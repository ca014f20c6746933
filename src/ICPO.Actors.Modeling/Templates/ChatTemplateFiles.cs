using System.Text.Json;

namespace ICPO.Actors.Modeling;

/// <summary>The chat template of a model directory: chat_template.jinja, or in tokenizer_config.json or chat_template.json as older ones have it.</summary>
public static class ChatTemplateFiles
{
    private static readonly string[] Special = ["bos_token", "eos_token", "unk_token", "sep_token", "pad_token", "cls_token", "mask_token"];

    /// <param name="directory">A Hugging Face directory.</param>
    /// <param name="name">Which of several templates; null takes the one named default.</param>
    /// <exception cref="InvalidDataException">There is none, or a file is malformed; names it.</exception>
    /// <exception cref="TemplateException">The template does not parse; names the line.</exception>
    public static ChatTemplate Load(string directory, string? name = null)
    {
        string settings = Path.Combine(directory, "tokenizer_config.json");
        using var json = File.Exists(settings) ? JsonFile.Open(settings) : null;
        var tokens = Tokens(json?.Keys);
        string map = Path.Combine(directory, "special_tokens_map.json");
        if (File.Exists(map))
        {
            using var more = JsonFile.Open(map);
            foreach (var (token, text) in Tokens(more.Keys))
            {
                tokens.TryAdd(token, text);
            }
        }

        string file = name is null or "default"
            ? Path.Combine(directory, "chat_template.jinja")
            : Path.Combine(directory, "additional_chat_templates", Path.GetFileName(name) + ".jinja");
        if (File.Exists(file))
        {
            return ChatTemplate.Parse(File.ReadAllText(file), file, tokens);
        }

        string old = Path.Combine(directory, "chat_template.json");
        using var single = File.Exists(old) ? JsonFile.Open(old) : null;
        string source = Source(json?.Keys, name) ?? Source(single?.Keys, name)
            ?? throw new InvalidDataException($"{directory} has no chat template{(name is null ? "" : $" named '{name}'")}: neither {Path.GetFileName(file)} nor the key chat_template in tokenizer_config.json.");
        return ChatTemplate.Parse(source, $"{settings} chat_template", tokens);
    }

    private static string? Source(JsonKeys? keys, string? name)
    {
        switch (keys?.Find("chat_template"))
        {
            case null:
                return null;
            case { ValueKind: JsonValueKind.String } text:
                return name is null or "default" ? text.GetString() : null;
            case { ValueKind: JsonValueKind.Array }:
                return keys!.List("chat_template").FirstOrDefault(t => t.Text("name") == (name ?? "default"))?.Text("template");
            default:
                throw keys!.Bad("chat_template", "must be a template or a list of named ones");
        }
    }

    /// <summary>Tokens are texts, or objects with their text as content.</summary>
    private static Dictionary<string, string> Tokens(JsonKeys? keys)
    {
        var tokens = new Dictionary<string, string>();
        foreach (string name in keys is null ? [] : Special)
        {
            if ((keys!.Find(name) is { ValueKind: JsonValueKind.Object } ? keys.Object(name)!.Text("content") : keys.Text(name)) is { } text)
            {
                tokens[name] = text;
            }
        }

        return tokens;
    }
}
