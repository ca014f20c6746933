using System.Text.Json;
using ICPO.DataFiles.Files;
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

    /// <summary>Reads and parses the chat template of a model.</summary>
    /// <param name="directory">A Hugging Face directory.</param>
    /// <param name="name">
    /// Name of the template; null for the one named default, and the one named tool_use for conversations with tools.
    /// </param>
    /// <exception cref="InvalidDataException">There is no such template, or a file is malformed; names the file.</exception>
    /// <exception cref="TemplateException">The template does not parse; names the line.</exception>
    public static ChatTemplate Load(string directory, string? name = null)
    {
        (Dictionary<string, (string Source, string Place)> templates, Dictionary<string, string> tokens) = Read(directory);
        string among =
            templates.Count == 0
                ? "neither chat_template.jinja nor the key chat_template in tokenizer_config.json"
                : $"choose among {string.Join(", ", templates.Keys.Order(StringComparer.Ordinal))}";
        return Choose(templates, tokens, name)
            ?? throw new InvalidDataException(
                $"{directory} has no chat template{(name is null && templates.Count == 0 ? "" : $" named '{name ?? Default}'")}: {among}."
            );
    }

    /// <summary>As <see cref="Load"/> without a name; null if the model has no default template.</summary>
    /// <exception cref="InvalidDataException">A file is malformed; names it.</exception>
    /// <exception cref="TemplateException">The template does not parse; names the line.</exception>
    public static ChatTemplate? Find(string directory)
    {
        (Dictionary<string, (string Source, string Place)> templates, Dictionary<string, string> tokens) = Read(directory);
        return Choose(templates, tokens, name: null);
    }

    private static ChatTemplate? Choose(
        Dictionary<string, (string Source, string Place)> templates,
        Dictionary<string, string> tokens,
        string? name
    )
    {
        if (!templates.TryGetValue(name ?? Default, out (string Source, string Place) found))
        {
            return null;
        }

        var template = ChatTemplate.Parse(found.Source, found.Place, tokens);
        return name is null && templates.TryGetValue(ForTools, out (string Source, string Place) tools)
            ? template.WithTools(ChatTemplate.Parse(tools.Source, tools.Place, tokens))
            : template;
    }

    private static (Dictionary<string, (string Source, string Place)> Templates, Dictionary<string, string> Tokens) Read(string directory)
    {
        string settings = Path.Combine(directory, SpecialTokenTexts.ConfigFile);
        using JsonFile? json = File.Exists(settings) ? JsonFile.Open(settings) : null;
        Dictionary<string, string> tokens = SpecialTokenTexts.Read(directory, json?.Keys);
        Dictionary<string, (string Source, string Place)> templates = Written(directory);
        templates = templates.Count > 0 ? templates : Listed(json?.Keys);
        if (templates.Count == 0 && Path.Combine(directory, "chat_template.json") is var old && File.Exists(old))
        {
            using var single = JsonFile.Open(old);
            templates = Listed(single.Keys);
        }

        return (templates, tokens);
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

        return files.ToDictionary(f => f.Key, f => (ModelFile.ReadText(f.Value), f.Value));
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
}
