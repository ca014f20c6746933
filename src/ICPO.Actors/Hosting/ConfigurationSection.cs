using System.Text;
using ICPO.Actors.Configuration.Layers;
using Microsoft.Extensions.Configuration;

namespace ICPO.Actors.Hosting;

/// <summary>Reads settings from a section of the host app's configuration, such as <c>appsettings.json</c>.</summary>
internal static class ConfigurationSection
{
    /// <summary>
    /// The section's values by key: <c>Group:PolicyRollouts</c> is <c>group.policy-rollouts</c>, and the elements of a list are joined.
    /// Unknown keys and bad values are refused as in a HOCON file.
    /// </summary>
    /// <exception cref="ICPO.Actors.Configuration.ConfigurationException">A key is unknown, or a value does not fit.</exception>
    public static IcpoConfiguration Load(IConfiguration section) =>
        IcpoConfiguration.Load(
            new ConfigurationSources
            {
                Code = [.. Values(section, "")],
                CodeName = section is IConfigurationSection { Path: var path } ? $"section {path}" : "configuration",
            }
        );

    private static IEnumerable<KeyValuePair<string, string>> Values(IConfiguration section, string path)
    {
        foreach (IConfigurationSection child in section.GetChildren())
        {
            string key = path.Length > 0 ? $"{path}.{KebabCase(child.Key)}" : KebabCase(child.Key);
            IConfigurationSection[] children = [.. child.GetChildren()];
            if (children.Length == 0)
            {
                yield return new(key, child.Value ?? "");
            }
            else if (children.All(element => int.TryParse(element.Key, out _)))
            {
                yield return new(key, $"[{string.Join(", ", children.Select(element => Quoted(element.Value ?? "")))}]");
            }
            else
            {
                foreach (KeyValuePair<string, string> value in Values(child, key))
                {
                    yield return value;
                }
            }
        }
    }

    private static string Quoted(string text) => $"\"{text.Replace("\\", "\\\\").Replace("\"", "\\\"")}\"";

    /// <summary>PolicyRollouts becomes policy-rollouts; policy-rollouts stays.</summary>
    private static string KebabCase(string name)
    {
        var key = new StringBuilder();
        for (int at = 0; at < name.Length; at++)
        {
            if (char.IsUpper(name[at]) && at > 0 && name[at - 1] != '-')
            {
                key.Append('-');
            }

            key.Append(char.ToLowerInvariant(name[at]));
        }

        return key.ToString();
    }
}
