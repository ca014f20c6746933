using System.Collections.Immutable;
using ICPO.Actors.Configuration.Hocon;

namespace ICPO.Actors.Configuration.Layers;

/// <summary>A run file.</summary>
/// <param name="Name">Used in error messages, usually the path.</param>
/// <param name="Text">HOCON.</param>
public sealed record ConfigurationFile(string Name, string Text)
{
    private const long MaxBytes = 4 << 20;

    /// <summary>The prefix of keys that are read elsewhere and are not part of a run's configuration; empty for none.</summary>
    public string OmittedPrefix { get; init; } = "";

    /// <exception cref="ConfigurationException">The file cannot be read, or is larger than any configuration.</exception>
    public static ConfigurationFile Open(string path)
    {
        try
        {
            if (new FileInfo(path) is { Exists: true, Length: > MaxBytes and var length })
            {
                throw new ConfigurationException(
                    $"{path}: the file has {length} bytes, a configuration has at most {MaxBytes}; name a HOCON file."
                );
            }

            return new ConfigurationFile(path, File.ReadAllText(path));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new ConfigurationException(
                e is FileNotFoundException or DirectoryNotFoundException
                    ? $"{path}: file not found; name the path of a HOCON file."
                    : $"{path}: cannot read the file: {e.Message}"
            );
        }
    }
}

/// <summary>
/// The layers above reference.conf and the presets, lowest precedence first: files, environment, overrides, code. The environment is passed
/// in, not read from the process.
/// </summary>
public sealed record ConfigurationSources
{
    /// <summary>Variables are written <c>ICPO__GROUP__POLICY_ROLLOUTS</c>: two underscores for a dot, one for a hyphen.</summary>
    public const string EnvironmentPrefix = "ICPO__";

    private const int MaxKeyLength = 200;

    /// <summary>The source of a value of <see cref="Environment"/>, followed by the variable.</summary>
    private const string EnvironmentSource = "environment ";

    /// <summary>Run files; later ones take precedence.</summary>
    public ImmutableArray<ConfigurationFile> Files { get; init; } = [];

    /// <summary>Variables by name; those without <see cref="EnvironmentPrefix"/> are ignored.</summary>
    public IReadOnlyDictionary<string, string> Environment { get; init; } = ImmutableDictionary<string, string>.Empty;

    /// <summary><c>key=value</c> as given to <c>--set</c>; the prefix <c>icpo.</c> is optional. Later ones take precedence.</summary>
    public ImmutableArray<string> Overrides { get; init; } = [];

    /// <summary>Values set by the host application, by key; the prefix <c>icpo.</c> is optional.</summary>
    public ImmutableArray<KeyValuePair<string, string>> Code { get; init; } = [];

    /// <summary>The name of <see cref="Code"/> in errors.</summary>
    public string CodeName { get; init; } = "code";

    /// <summary>The environment variables of this process that configure ICPO.</summary>
    public static IReadOnlyDictionary<string, string> ProcessEnvironment() =>
        System
            .Environment.GetEnvironmentVariables()
            .Cast<System.Collections.DictionaryEntry>()
            .Select(e => (Name: (string)e.Key, Value: (string?)e.Value ?? ""))
            .Where(e => e.Name.StartsWith(EnvironmentPrefix, StringComparison.OrdinalIgnoreCase))
            .ToImmutableSortedDictionary(e => e.Name, e => e.Value, StringComparer.Ordinal);

    /// <summary>Whether an entry's value is that of an environment variable.</summary>
    public static bool IsFromEnvironment(ConfigurationEntry entry)
    {
        ArgumentNullException.ThrowIfNull(entry);
        return entry.Source.StartsWith(EnvironmentSource, StringComparison.Ordinal);
    }

    internal IEnumerable<ConfigurationValue> Values() =>
        [
            .. Files.SelectMany(Read),
            .. Environment
                .Where(e => e.Key.StartsWith(EnvironmentPrefix, StringComparison.OrdinalIgnoreCase))
                .Select(e => ConfigurationValue.Parse(KeyOf(e.Key), e.Value, EnvironmentSource + e.Key)),
            .. Overrides.Select(ParseOverride),
            .. Code.Select(c => ConfigurationValue.Parse(FullKey(c.Key), c.Value, CodeName)),
        ];

    private static IEnumerable<ConfigurationValue> Read(ConfigurationFile file) =>
        HoconReader
            .Read(file.Text, file.Name)
            .Where(v => file.OmittedPrefix.Length == 0 || !v.Key.StartsWith(file.OmittedPrefix, StringComparison.Ordinal));

    private static string KeyOf(string variable) =>
        FullKey("icpo." + string.Join('.', variable[EnvironmentPrefix.Length..].ToLowerInvariant().Split("__")).Replace('_', '-'));

    /// <summary>A name that is longer than any key is truncated: it is rejected as unknown.</summary>
    private static string FullKey(string key) => WithPrefix(key.Length <= MaxKeyLength ? key : key[..MaxKeyLength] + "…");

    private static string WithPrefix(string key) => key.StartsWith("icpo.", StringComparison.Ordinal) ? key : "icpo." + key;

    private static ConfigurationValue ParseOverride(string text)
    {
        int equals = text.IndexOf('=');
        return equals > 0
            ? ConfigurationValue.Parse(FullKey(text[..equals].Trim()), text[(equals + 1)..], "--set")
            : throw new ConfigurationException($"--set {text}: write it as key=value, for example --set run.updates=50.");
    }
}
