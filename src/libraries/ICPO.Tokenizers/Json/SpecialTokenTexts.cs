using System.Text.Json;
using ICPO.DataFiles.Json;

namespace ICPO.Tokenizers.Json;

/// <summary>
/// The texts of special tokens by the names that transformers gives them (bos_token, …): those of tokenizer_config.json, and those of
/// special_tokens_map.json where it is silent.
/// </summary>
internal static class SpecialTokenTexts
{
    /// <summary>The settings of a tokenizer in a model directory.</summary>
    public const string ConfigFile = "tokenizer_config.json";

    private static readonly string[] Names = ["bos_token", "eos_token", "unk_token", "sep_token", "pad_token", "cls_token", "mask_token"];

    /// <param name="directory">A Hugging Face directory.</param>
    /// <param name="settings">The content of its <see cref="ConfigFile"/>; null if it has none.</param>
    /// <exception cref="InvalidDataException">A file is malformed; names it.</exception>
    public static Dictionary<string, string> Read(string directory, JsonKeys? settings)
    {
        Dictionary<string, string> texts = Read(settings);
        string map = Path.Combine(directory, "special_tokens_map.json");
        if (File.Exists(map))
        {
            using var more = JsonFile.Open(map);
            foreach ((string token, string text) in Read(more.Keys))
            {
                texts.TryAdd(token, text);
            }
        }

        return texts;
    }

    /// <summary>
    /// Tokens are texts, or objects with the text as content; multimodal models name their own under extra_special_tokens.
    /// </summary>
    private static Dictionary<string, string> Read(JsonKeys? keys)
    {
        var texts = new Dictionary<string, string>();
        if (keys?.Find("extra_special_tokens") is { ValueKind: JsonValueKind.Object } extra)
        {
            Add(keys.Object("extra_special_tokens")!, extra.EnumerateObject().Select(t => t.Name));
        }

        if (keys is not null)
        {
            Add(keys, Names);
        }

        return texts;

        void Add(JsonKeys from, IEnumerable<string> names)
        {
            foreach (string name in names)
            {
                bool isObject = from.Find(name) is { ValueKind: JsonValueKind.Object };
                if ((isObject ? from.Object(name)!.Text("content") : from.Text(name)) is { } text)
                {
                    texts[name] = text;
                }
            }
        }
    }
}
