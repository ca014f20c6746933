using System.Text.Json;
using ICPO.DataFiles.Json;
using ICPO.Jinja;
using ICPO.Tokenizers.Json;

namespace ICPO.Tokenizers.ChatTemplates;

/// <summary>
/// The chat templates of a model directory: chat_template.jinja and the folder additional_chat_templates, or the key chat_template of
/// tokenizer_config.json, or chat_template.json of older models. As in transformers, the first of these that has any templates is used,
/// and the others are ignored.
/// </summary>
public static class ChatTemplateFiles
{
    /// <summary>The folder of a model directory with the templates other than the default one.</summary>
    public const string Folder = "additional_chat_templates";

    /// <summary>Name of the template that is used unless another one is requested.</summary>
    public const string Default = "default";

    /// <summary>Name of the template for conversations with tools, used unless another one is requested.</summary>
    public const string ForTools = "tool_use";

    private static readonly string[] Special = ["bos_token", "eos_token", "unk_token", "sep_token", "pad_token", "cls_token", "mask_token"];

    /// <summary>Reads and parses the chat template of a model.</summary>
    /// <param name="directory">A Hugging Face directory.</param>
    /// <param name="name">
    /// Name of the template; null for the one named default, and the one named tool_use for conversations with tools.
    /// </param>
    /// <exception cref="InvalidDataException">There is no such template, or a file is malformed; names the file.</exception>
    /// <exception cref="TemplateException">The template does not parse; names the line.</exception>
    public static ChatTemplate Load(string directory, string? name = null)
    {
        string settings = Path.Combine(directory, "tokenizer_config.json");
        using JsonFile? json = File.Exists(settings) ? JsonFile.Open(settings) : null;
        Dictionary<string, string> tokens = Tokens(json?.Keys);
        string map = Path.Combine(directory, "special_tokens_map.json");
        if (File.Exists(map))
        {
            using var more = JsonFile.Open(map);
            foreach ((string? token, string? text) in Tokens(more.Keys))
            {
                tokens.TryAdd(token, text);
            }
        }

        Dictionary<string, (string Source, string Place)> templates = Written(directory);
        templates = templates.Count > 0 ? templates : Listed(json?.Keys);
        if (templates.Count == 0 && Path.Combine(directory, "chat_template.json") is var old && File.Exists(old))
        {
            using var single = JsonFile.Open(old);
            templates = Listed(single.Keys);
        }

        string among =
            templates.Count == 0
                ? "neither chat_template.jinja nor the key chat_template in tokenizer_config.json"
                : $"choose among {string.Join(", ", templates.Keys.Order(StringComparer.Ordinal))}";
        (string? source, string? place) = templates.TryGetValue(name ?? Default, out (string Source, string Place) found)
            ? found
            : throw new InvalidDataException(
                $"{directory} has no chat template{(name is null && templates.Count == 0 ? "" : $" named '{name ?? Default}'")}: {among}."
            );
        var template = ChatTemplate.Parse(source, place, tokens);
        return name is null && templates.TryGetValue(ForTools, out (string Source, string Place) tools)
            ? template.WithTools(ChatTemplate.Parse(tools.Source, tools.Place, tokens))
            : template;
    }

    /// <summary>Templates in separate files.</summary>
    private static Dictionary<string, (string Source, string Place)> Written(string directory)
    {
        var files = new Dictionary<string, string>();
        if (Path.Combine(directory, "chat_template.jinja") is var single && File.Exists(single))
        {
            files[Default] = single;
        }

        if (Path.Combine(directory, Folder) is var folder && Directory.Exists(folder))
        {
            foreach (string file in Directory.EnumerateFiles(folder, "*.jinja"))
            {
                files[Path.GetFileNameWithoutExtension(file)] = file;
            }
        }

        return files.ToDictionary(f => f.Key, f => (File.ReadAllText(f.Value), f.Value));
    }

    /// <summary>Templates under the key chat_template: one, or a list with names.</summary>
    private static Dictionary<string, (string Source, string Place)> Listed(JsonKeys? keys)
    {
        switch (keys?.Find("chat_template"))
        {
            case null:
                return [];
            case { ValueKind: JsonValueKind.String } text:
                return new() { [Default] = (text.GetString()!, $"{keys.Path} chat_template") };
            case { ValueKind: JsonValueKind.Array }:
                var templates = new Dictionary<string, (string, string)>();
                foreach (JsonKeys template in keys!.List("chat_template"))
                {
                    string name = template.Text("name") ?? throw template.Bad("name", "is missing");
                    templates[name] = (
                        template.Text("template") ?? throw template.Bad("template", "is missing"),
                        $"{keys.Path} chat_template '{name}'"
                    );
                }

                return templates;
            default:
                throw keys!.Bad("chat_template", "must be a template or a list of named ones");
        }
    }

    /// <summary>
    /// Tokens are texts, or objects with the text as content; multimodal models name their own under extra_special_tokens.
    /// </summary>
    private static Dictionary<string, string> Tokens(JsonKeys? keys)
    {
        var tokens = new Dictionary<string, string>();
        if (keys?.Find("extra_special_tokens") is { ValueKind: JsonValueKind.Object } extra)
        {
            Add(keys.Object("extra_special_tokens")!, extra.EnumerateObject().Select(t => t.Name));
        }

        if (keys is not null)
        {
            Add(keys, Special);
        }

        return tokens;

        void Add(JsonKeys from, IEnumerable<string> names)
        {
            foreach (string name in names)
            {
                if (
                    (from.Find(name) is { ValueKind: JsonValueKind.Object } ? from.Object(name)!.Text("content") : from.Text(name)) is
                    { } text
                )
                {
                    tokens[name] = text;
                }
            }
        }
    }
}
