using System.Collections.Frozen;
using System.Collections.Immutable;
using ICPO.Actors.Configuration;
using ICPO.Actors.Configuration.Hocon;
using ICPO.Actors.Configuration.Layers;
using ICPO.Actors.Configuration.Settings;

namespace ICPO.Actors.Cluster.Nodes;

/// <summary>The settings of a node: those of its process, over those of the run that it joins.</summary>
/// <param name="own">The configuration with which the node was started.</param>
public sealed class NodeConfiguration(IcpoConfiguration own)
{
    private const string Prefix = "icpo.";

    /// <summary>
    /// Keys outside of the section cluster that a node may set: they affect how its machine computes, but not the results.
    /// </summary>
    private static readonly FrozenSet<string> Allowed = new[]
    {
        "engine.count",
        "engine.slots",
        "engine.threads",
        "model.path",
        "model.adapter",
        "model.device",
        "verification.parallel",
        "verification.isolation",
        "verification.memory",
        "verification.executable",
        "verification.command.directory",
        "verification.command.memory",
        "verification.http.secret-variable",
        "verification.http.authority",
        "verification.judge.secret-variable",
        "verification.judge.authority",
    }.ToFrozenSet();

    /// <summary>
    /// Keys of the run that a process that takes it over may set: the locations of its directory, its data and its database.
    /// </summary>
    private static readonly FrozenSet<string> OfStandbys = new[] { "run.directory", "journal.connection-string" }.ToFrozenSet();

    private readonly bool _isLearner = own.Settings.Cluster.Roles.Contains(ClusterRole.Learner);

    /// <summary>The directory of fetched models and weights.</summary>
    public string Directory =>
        own.Settings.Cluster.Directory.Length > 0
            ? own.Settings.Cluster.Directory
            : Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData), "icpo");

    /// <summary>The run's configuration with this node's settings.</summary>
    /// <param name="run">The run's effective configuration as HOCON.</param>
    /// <exception cref="ConfigurationException">A value of the run is not known to this version.</exception>
    public IcpoConfiguration Apply(string run) =>
        IcpoConfiguration.Load(
            new ConfigurationSources
            {
                Files = [new ConfigurationFile("the run's configuration", run), new ConfigurationFile("the node's configuration", Own())],
            }
        );

    /// <exception cref="ConfigurationException">A key of the run is set; names it.</exception>
    public void Check()
    {
        ImmutableArray<string> refused =
        [
            .. Set()
                .Where(entry => !IsOwn(entry.Key))
                .Select(entry => $"{entry.Source}: {entry.Key} belongs to the run and is set at its learner, not at a node; remove it."),
        ];
        if (!refused.IsEmpty)
        {
            throw new ConfigurationException(refused);
        }
    }

    /// <summary>Keys of the section cluster belong to a process, so the run's values are never used here.</summary>
    private string Own() =>
        string.Concat(
            own.Entries.Where(entry => KeyClasses.Of(entry.Key) == KeyClass.Node)
                .Concat(Set().Where(entry => KeyClasses.Of(entry.Key) != KeyClass.Node && IsOwn(entry.Key)))
                .Select(entry => $"{entry.Key} = {entry.Value}\n")
        );

    private IEnumerable<ConfigurationEntry> Set() =>
        own.Entries.Where(entry => entry.Source != "reference" && !entry.Source.StartsWith("preset ", StringComparison.Ordinal));

    /// <summary>The keys that the process sets, as <c>key=value</c>, except those of its directory and its database.</summary>
    public ImmutableArray<string> Overrides() =>
        [
            .. own
                .Entries.Where(entry => KeyClasses.Of(entry.Key) == KeyClass.Node)
                .Concat(Set().Where(entry => KeyClasses.Of(entry.Key) != KeyClass.Node && !OfStandbys.Contains(entry.Key[Prefix.Length..])))
                .Select(entry => $"{entry.Key}={entry.Value}"),
        ];

    private bool IsOwn(string key) =>
        KeyClasses.Of(key) == KeyClass.Node
        || Allowed.Contains(key[Prefix.Length..])
        || (_isLearner && (KeyClasses.Of(key) == KeyClass.Relocatable || OfStandbys.Contains(key[Prefix.Length..])));
}
