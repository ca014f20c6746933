using System.Collections.Concurrent;
using System.Collections.Frozen;
using System.Collections.Immutable;
using System.Reflection;
using ICPO.Actors.Configuration.Binding;
using ICPO.Actors.Configuration.Hocon;
using ICPO.Actors.Configuration.Settings;
using ICPO.Actors.Modeling.Torch;
using ICPO.Actors.Tasks.Mixtures;

namespace ICPO.Actors.Configuration.Layers;

/// <summary>
/// The effective configuration: reference.conf, overridden by the preset, the data set's preset, run files, the environment,
/// <c>--set</c> and code, in this order. Loading checks every key and reports all problems at once, so an instance is always valid.
/// </summary>
public sealed class IcpoConfiguration
{
    internal const string PresetKey = "icpo.preset";
    private const string DatasetKey = "icpo.task.dataset";
    private const string DeviceKey = "icpo.model.device";
    private const string DtypeKey = "icpo.model.dtype";
    private const int MaxUnknownKeys = 50;
    private const string ConnectionKey = "icpo.journal.connection-string";
    private static readonly ImmutableArray<ConfigurationValue> Reference = HoconReader.Read(Resource("hocon/reference.conf"), "reference");
    private static readonly FrozenDictionary<string, ConfigurationValue> Defaults = Reference.ToFrozenDictionary(v => v.Key);
    private static readonly ImmutableArray<ConfigurationEntry> DefaultEntries = [.. Reference.Select(v => Entry(v, v))];
    private static readonly ConcurrentDictionary<string, ImmutableArray<ConfigurationValue>> BuiltIn = [];

    private readonly ConfigurationSources _sources;
    private readonly bool _isStored;

    private IcpoConfiguration(ConfigurationSources sources, RunSettings settings, ImmutableArray<ConfigurationEntry> entries, bool isStored)
    {
        _sources = sources;
        _isStored = isStored;
        Settings = settings;
        Entries = entries;
    }

    /// <summary>Names of the built-in presets.</summary>
    public static ImmutableArray<string> Presets { get; } = ResourceNames("hocon/presets/");

    /// <summary>Names of the data sets whose fields, verifier and limits are built in.</summary>
    public static ImmutableArray<string> Datasets { get; } = ResourceNames("hocon/datasets/");

    /// <summary>The text of <c>reference.conf</c>: every key with its meaning, unit, default and allowed values.</summary>
    public static string ReferenceText => Resource("hocon/reference.conf");

    public RunSettings Settings { get; }

    /// <summary>Every key, in the order of reference.conf.</summary>
    public ImmutableArray<ConfigurationEntry> Entries { get; }

    /// <summary>Reads and checks the layers.</summary>
    /// <exception cref="ConfigurationException">Lists every unknown key, invalid value and contradiction.</exception>
    public static IcpoConfiguration Load(ConfigurationSources? sources = null) =>
        Load(sources ?? new ConfigurationSources(), unknown: null);

    /// <summary>
    /// Reads the configuration stored with a run. An unknown key is ignored with a note, so that a run of another version can still be
    /// resumed.
    /// </summary>
    /// <param name="file">The run's effective configuration.</param>
    /// <param name="notes">One note for each ignored key.</param>
    internal static IcpoConfiguration LoadStored(ConfigurationFile file, out ImmutableArray<string> notes)
    {
        ImmutableArray<string>.Builder unknown = ImmutableArray.CreateBuilder<string>();
        IcpoConfiguration configuration = Load(new ConfigurationSources { Files = [file] }, unknown);
        notes = unknown.ToImmutable();
        return configuration;
    }

    private static IcpoConfiguration Load(ConfigurationSources sources, ImmutableArray<string>.Builder? unknown)
    {
        ImmutableArray<ConfigurationValue> read = [.. sources.Values()];
        ImmutableArray<ConfigurationValue> given = [.. unknown is null ? read.Select(FormerNames.Update) : FormerNames.UpdateStored(read)];
        ImmutableArray<string>.Builder problems = ImmutableArray.CreateBuilder<string>();
        Dictionary<string, ConfigurationValue> values = new(Defaults);
        List<ConfigurationValue> strange = [];
        ConfigurationValue preset = given.LastOrDefault(v => v.Key == PresetKey) ?? Defaults[PresetKey];
        foreach (
            ConfigurationValue value in (IEnumerable<ConfigurationValue>)
                [.. PresetValues(preset, problems), .. DatasetValues(given, problems), .. given]
        )
        {
            if (Defaults.ContainsKey(value.Key))
            {
                values[value.Key] = value;
            }
            else
            {
                strange.Add(value);
            }
        }

        Dictionary<string, string> meant = [];
        foreach (ConfigurationValue value in strange.Take(MaxUnknownKeys))
        {
            unknown?.Add($"{value.Source}: unknown key {value.Key}; it is ignored.");
            if (unknown is null)
            {
                string nearest = meant[value.Key] = meant.GetValueOrDefault(value.Key) ?? NearestKey.Find(value.Key, Defaults.Keys);
                problems.Add($"{value.Source}: unknown key {value.Key}; did you mean {nearest}?");
            }
        }

        if (strange.Count > MaxUnknownKeys)
        {
            (unknown ?? problems).Add($"{strange.Count - MaxUnknownKeys} more keys are unknown.");
        }

        ResolveDtype(values);
        var reader = new SettingsReader(values, problems);
        RunSettings settings = RunSettingsBinding.Bind(reader);
        return problems.Count == 0
            ? new IcpoConfiguration(sources, settings, [.. DefaultEntries.Select(d => Entry(values[d.Key], d))], unknown is not null)
            : throw new ConfigurationException(problems.ToImmutable());
    }

    /// <summary>
    /// A run keeps the value that <c>auto</c> had when it started, so that it is resumed with the same value on another machine.
    /// </summary>
    private static void ResolveDtype(Dictionary<string, ConfigurationValue> values)
    {
        if (values[DtypeKey] is { Text: "auto", Source: var source } value)
        {
            string dtype = Bfloat16Products.FastestDtype(values[DeviceKey].Text);
            values[DtypeKey] = value with { Text = dtype, Source = $"{source} (auto)" };
        }
    }

    /// <summary>The same configuration with further values, as if set in code.</summary>
    /// <exception cref="ConfigurationException">As <see cref="Load(ConfigurationSources?)"/>.</exception>
    public IcpoConfiguration With(params IEnumerable<KeyValuePair<string, string>> values) =>
        Load(_sources with { Code = [.. _sources.Code, .. values] }, _isStored ? ImmutableArray.CreateBuilder<string>() : null);

    /// <summary>The same configuration with every path absolute, so that it is valid in any working directory.</summary>
    public IcpoConfiguration WithAbsolutePaths()
    {
        ImmutableArray<ConfigurationEntry> relative = [.. Entries.Where(entry => KeyClasses.IsPath(entry.Key) && !IsAbsolute(entry))];
        ImmutableArray<MixturePart> parts = Settings.Task.Mixture.Parts;
        bool hasRelativePart = parts.Any(part => Path.GetFullPath(part.Path) != part.Path);
        string absolute = HoconWriter.List(parts.Select(part => (part with { Path = Path.GetFullPath(part.Path) }).ToString()));
        return relative.IsEmpty && !hasRelativePart
            ? this
            : With([
                .. relative.Select(e => KeyValuePair.Create(e.Key, Path.GetFullPath(Path.Combine(".", Text(e))))),
                .. hasRelativePart ? [new("task.mixture.parts", absolute)] : Array.Empty<KeyValuePair<string, string>>(),
            ]);
    }

    private bool IsAbsolute(ConfigurationEntry entry) =>
        Text(entry) is var path && (path.Length == 0 ? !IsWorkingDirectory(entry) : Path.GetFullPath(path) == path);

    /// <summary>True if the directory of a command is that of this process, in which the run may not be resumed.</summary>
    private bool IsWorkingDirectory(ConfigurationEntry entry) =>
        entry.Key == "icpo.verification.command.directory" && !Settings.Verification.Settings.Command.Run.IsEmpty;

    private static string Text(ConfigurationEntry entry) => HoconReader.Read($"{entry.Key} = {entry.Value}", entry.Source)[0].Text;

    /// <summary>
    /// A file that loads back to the same settings even if the defaults and presets change. Passwords are not written.
    /// </summary>
    public string Render() =>
        "# The effective configuration of a run; values that differ from the default name their source.\n"
        + HoconWriter.Tree(Entries.Select(e => (e.Key, e.Value, e.IsDefault ? null : e.Source.ReplaceLineEndings(" "))));

    private static ConfigurationEntry Entry(ConfigurationValue value, ConfigurationEntry byDefault) =>
        ReferenceEquals(value, Defaults[value.Key]) ? byDefault : Entry(value, Defaults[value.Key]);

    private static ConfigurationEntry Entry(ConfigurationValue value, ConfigurationValue reference) =>
        new(
            value.Key,
            HoconWriter.Value(value.Key == ConnectionKey ? value with { Text = ConnectionSecret.Remove(value.Text) } : value),
            value == reference ? "reference" : value.Source,
            HoconWriter.Value(reference)
        );

    private static ImmutableArray<ConfigurationValue> PresetValues(ConfigurationValue preset, ImmutableArray<string>.Builder problems)
    {
        if (Presets.Contains(preset.Text))
        {
            return BuiltInValues($"hocon/presets/{preset.Text}.conf", $"preset {preset.Text}");
        }

        problems.Add($"{preset.Source}: {PresetKey} = {preset.Text} is not a preset; allowed: {string.Join(", ", Presets)}.");
        return [];
    }

    private static ImmutableArray<ConfigurationValue> DatasetValues(
        ImmutableArray<ConfigurationValue> given,
        ImmutableArray<string>.Builder problems
    )
    {
        if (given.LastOrDefault(v => v.Key == DatasetKey) is not { Text.Length: > 0 } dataset)
        {
            return [];
        }

        if (Datasets.Contains(dataset.Text))
        {
            return BuiltInValues($"hocon/datasets/{dataset.Text}.conf", $"data set {dataset.Text}");
        }

        problems.Add(
            $"{dataset.Source}: {DatasetKey} = {dataset.Text} is not a known data set; allowed: {string.Join(", ", Datasets)}. "
                + "For other data leave it empty and set icpo.task.jsonl.path."
        );
        return [];
    }

    private static ImmutableArray<ConfigurationValue> BuiltInValues(string resource, string source) =>
        BuiltIn.GetOrAdd(resource, name => HoconReader.Read(Resource(name), source));

    private static ImmutableArray<string> ResourceNames(string folder) =>
        [
            .. typeof(IcpoConfiguration)
                .Assembly.GetManifestResourceNames()
                .Where(n => n.StartsWith(folder, StringComparison.Ordinal))
                .Select(n => Path.GetFileNameWithoutExtension(n))
                .Order(StringComparer.Ordinal),
        ];

    private static string Resource(string name)
    {
        using Stream stream = Assembly.GetExecutingAssembly().GetManifestResourceStream(name)
            ?? throw new InvalidOperationException($"The resource {name} is missing from the assembly.");
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}
