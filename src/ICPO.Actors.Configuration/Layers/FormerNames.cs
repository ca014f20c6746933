using System.Collections.Frozen;
using ICPO.Actors.Configuration.Hocon;

namespace ICPO.Actors.Configuration.Layers;

/// <summary>
/// Names that earlier versions used. They stay valid in every layer and in stored runs; what is printed and written has the current names.
/// </summary>
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
    }.ToFrozenDictionary();

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
}
