using System.Collections.Immutable;

namespace ICPO.Actors.Configuration.Hocon;

/// <summary>A leaf of a configuration layer.</summary>
/// <param name="Key">Dotted path, including <c>icpo.</c>.</param>
/// <param name="Text">The scalar as written (unquoted), or the list as written.</param>
/// <param name="Items">The items if the value is a list, otherwise null.</param>
/// <param name="Source">Where it was set: a layer's name, with the line where the layer is a file.</param>
public sealed record ConfigurationValue(string Key, string Text, ImmutableArray<string>? Items, string Source)
{
    /// <summary>A value given outside a file: <c>[a, b]</c> is a list, <c>"…"</c> a quoted string, other text is used unchanged.</summary>
    internal static ConfigurationValue Parse(string key, string text, string source)
    {
        string trimmed = text.Trim();
        return trimmed.StartsWith('[') || trimmed.StartsWith('"')
            ? HoconReader.Read($"{key} = {trimmed}", source) switch
            {
                [var only] => only with { Source = source },
                _ => throw new ConfigurationException($"{source}: the value of {key} is not a single value; quote it or write one list."),
            }
            : new ConfigurationValue(key, trimmed, null, source);
    }
}

/// <summary>A key of the effective configuration.</summary>
/// <param name="Key">Dotted path, including <c>icpo.</c>.</param>
/// <param name="Value">The effective value, as it would be written in a file.</param>
/// <param name="Source">The layer that set it.</param>
/// <param name="Default">The value in reference.conf, as it would be written in a file.</param>
public sealed record ConfigurationEntry(string Key, string Value, string Source, string Default)
{
    public bool IsDefault => Value == Default;
}
