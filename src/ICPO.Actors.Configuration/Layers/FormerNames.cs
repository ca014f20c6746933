using System.Collections.Frozen;
using System.Collections.Immutable;
using ICPO.Actors.Configuration.Hocon;

namespace ICPO.Actors.Configuration.Layers;

/// <summary>Names that earlier versions used. They stay valid in every layer and in stored runs; output uses the current names.</summary>
public static class FormerNames
{
    private static readonly FrozenDictionary<string, string> Presets = new Dictionary<string, string>
    {
        ["ief"] = "icpo-no-rejection",
        ["grpo-extra"] = "grpo-9",
        ["icpo-rs"] = "icpo-bonus",
    }.ToFrozenDictionary();

    private static readonly FrozenDictionary<string, string> Keys = new Dictionary<string, string>
    {
        ["icpo.model.lora.rank-stabilised"] = "icpo.model.lora.rank-stabilized",
        ["icpo.task.jsonl.prompt"] = PromptStyle,
    }.ToFrozenDictionary();

    private const string PromptStyle = "icpo.task.prompt.style",
        SpecialTokens = "icpo.model.special-tokens",
        Payloads = "icpo.journal.payloads";

    /// <summary>The current name of a preset; any other text is returned unchanged.</summary>
    public static string CurrentPreset(string name) => Presets.GetValueOrDefault(name, name);

    /// <summary>The former name of a preset; null if it was never renamed.</summary>
    public static string? FormerPreset(string current) => Presets.FirstOrDefault(pair => pair.Value == current).Key;

    /// <summary>The same value under its current key, a preset by its current name.</summary>
    internal static ConfigurationValue Update(ConfigurationValue value)
    {
        string key = Keys.GetValueOrDefault(value.Key, value.Key);
        return value with { Key = key, Text = key == IcpoConfiguration.PresetKey ? CurrentPreset(value.Text) : value.Text };
    }

    /// <summary>
    /// The values of a stored configuration by their current names, with the meaning that they had: runs of versions without the key
    /// special-tokens added none, and formatted questions as chats only if those of the data set are; those without the key payloads stored
    /// them in files.
    /// </summary>
    internal static IEnumerable<ConfigurationValue> UpdateStored(ImmutableArray<ConfigurationValue> values)
    {
        ImmutableArray<ConfigurationValue> updated = [.. values.Select(Update)];
        if (updated.IsEmpty)
        {
            return updated;
        }

        string source = updated[0].Source;
        if (!updated.Any(value => value.Key == Payloads))
        {
            updated = updated.Add(new(Payloads, "files", null, source));
        }

        if (updated.Any(value => value.Key == SpecialTokens))
        {
            return updated;
        }

        string style = updated.LastOrDefault(value => value.Key == PromptStyle)?.Text ?? "auto";
        return
        [
            .. updated.Where(value => value.Key != PromptStyle),
            new(SpecialTokens, "none", null, source),
            new(PromptStyle, style == "auto" ? "by-data" : style, null, source),
        ];
    }
}
