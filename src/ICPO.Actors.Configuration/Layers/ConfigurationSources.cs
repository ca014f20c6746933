using System.Collections.Immutable;
using ICPO.Actors.Configuration.Hocon;

namespace ICPO.Actors.Configuration.Layers;

/// <summary>A run file: what to call it and what it says.</summary>
public sealed record ConfigurationFile(string Name, string Text)
{
    /// <exception cref="ConfigurationException">The file cannot be read.</exception>
    public static ConfigurationFile Open(string path)
    {
        try
        {
            return new ConfigurationFile(path, File.ReadAllText(path));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new ConfigurationException(
                e is FileNotFoundException or DirectoryNotFoundException
                    ? $"{path}: there is no such file; give --config the path of a HOCON file."
                    : $"{path}: the file cannot be read: {e.Message}"
            );
        }
    }
}

/// <summary>
/// What lies over the reference, weakest first: preset, files, environment, overrides, code. Nothing is read from the
/// process here: the caller says what its environment holds.
/// </summary>
public sealed record ConfigurationSources
{
    /// <summary>Variables are written <c>ICPO__GROUP__POLICY_ROLLOUTS</c>: two underscores for a dot, one for a hyphen.</summary>
    public const string EnvironmentPrefix = "ICPO__";

    /// <summary>Run files; a later one wins.</summary>
    public ImmutableArray<ConfigurationFile> Files { get; init; } = [];

    /// <summary>Variables by name; those without <see cref="EnvironmentPrefix"/> are left alone.</summary>
    public IReadOnlyDictionary<string, string> Environment { get; init; } = ImmutableDictionary<string, string>.Empty;

    /// <summary><c>key=value</c> as given to <c>--set</c>; <c>icpo.</c> may be left out. A later one wins.</summary>
    public ImmutableArray<string> Overrides { get; init; } = [];

    /// <summary>Values the host app sets, by key; <c>icpo.</c> may be left out.</summary>
    public ImmutableArray<KeyValuePair<string, string>> Code { get; init; } = [];

    /// <summary>The variables of this process that configure ICPO.</summary>
    public static IReadOnlyDictionary<string, string> ProcessEnvironment() =>
        System
            .Environment.GetEnvironmentVariables()
            .Cast<System.Collections.DictionaryEntry>()
            .Select(e => (Name: (string)e.Key, Value: (string?)e.Value ?? ""))
            .Where(e => e.Name.StartsWith(EnvironmentPrefix, StringComparison.OrdinalIgnoreCase))
            .ToImmutableSortedDictionary(e => e.Name, e => e.Value, StringComparer.Ordinal);

    internal IEnumerable<ConfigurationValue> Values() =>
        [
            .. Files.SelectMany(f => HoconReader.Read(f.Text, f.Name)),
            .. Environment
                .Where(e => e.Key.StartsWith(EnvironmentPrefix, StringComparison.OrdinalIgnoreCase))
                .Select(e => ConfigurationValue.Parse(KeyOf(e.Key), e.Value, $"environment {e.Key}")),
            .. Overrides.Select(ParseOverride),
            .. Code.Select(c => ConfigurationValue.Parse(Rooted(c.Key), c.Value, "code")),
        ];

    private static string KeyOf(string variable) =>
        "icpo." + string.Join('.', variable[EnvironmentPrefix.Length..].ToLowerInvariant().Split("__")).Replace('_', '-');

    private static string Rooted(string key) => key.StartsWith("icpo.", StringComparison.Ordinal) ? key : "icpo." + key;

    private static ConfigurationValue ParseOverride(string text)
    {
        int equals = text.IndexOf('=');
        return equals > 0
            ? ConfigurationValue.Parse(Rooted(text[..equals].Trim()), text[(equals + 1)..], "--set")
            : throw new ConfigurationException($"--set {text}: write it as key=value, for example --set run.updates=50.");
    }
}
