using System.Text;
using ICPO.Actors.Configuration.Layers;

namespace Fuzz.Readers;

/// <summary>Readers of configuration.</summary>
internal static class ConfigurationReaders
{
    public static void Hocon(byte[] input)
    {
        var sources = new ConfigurationSources { Files = [new ConfigurationFile("run.conf", Encoding.UTF8.GetString(input))] };
        var configuration = IcpoConfiguration.Load(sources);
        IcpoConfiguration.Load(new ConfigurationSources { Files = [new ConfigurationFile("again.conf", configuration.Render())] });
    }

    /// <summary>Each line is an override; those that look like a variable are one of the environment.</summary>
    public static void Overrides(byte[] input)
    {
        string[] lines = Encoding.UTF8.GetString(input).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Dictionary<string, string> environment = [];
        foreach (string[] pair in lines.Select(line => line.Split('=', 2)).Where(pair => pair.Length == 2 && pair[0].Length > 0))
        {
            if (pair[0].StartsWith(ConfigurationSources.EnvironmentPrefix, StringComparison.Ordinal))
            {
                environment[pair[0]] = pair[1];
            }
        }

        IcpoConfiguration.Load(
            new ConfigurationSources
            {
                Environment = environment,
                Overrides = [.. lines.Where(line => !line.StartsWith(ConfigurationSources.EnvironmentPrefix, StringComparison.Ordinal))],
            }
        );
    }
}
