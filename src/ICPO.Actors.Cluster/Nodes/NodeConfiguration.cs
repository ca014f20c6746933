using System.Collections.Frozen;
using System.Collections.Immutable;
using ICPO.Actors.Configuration;
using ICPO.Actors.Configuration.Hocon;
using ICPO.Actors.Configuration.Layers;
using ICPO.Actors.Configuration.Settings;

namespace ICPO.Actors.Cluster.Nodes;

/// <summary>The settings of a node: those of its process, over those of the run that it joins.</summary>
/// <param name="own">What the node was started with.</param>
public sealed class NodeConfiguration(IcpoConfiguration own)
{
    private const string Prefix = "icpo.";

    /// <summary>Keys outside of the section cluster that a node may set: how its machine computes, and not what is computed.</summary>
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
    }.ToFrozenSet();

    /// <summary>Keys of the run that a process may set that takes it over: where its directory, its data and its database are.</summary>
    private static readonly FrozenSet<string> OfStandbys = new[] { "run.directory", "journal.connection-string" }.ToFrozenSet();

    private readonly bool _isLearner = own.Settings.Cluster.Roles.Contains(ClusterRole.Learner);

    /// <summary>Where fetched models and weights are kept.</summary>
    public string Directory =>
        own.Settings.Cluster.Directory.Length > 0
            ? own.Settings.Cluster.Directory
            : Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData), "icpo");

    /// <summary>The run's configuration with this node's settings.</summary>
    /// <param name="run">The run's effective configuration as HOCON.</param>
    /// <exception cref="ConfigurationException">This version does not know a value of the run.</exception>
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
                .Select(entry =>
                    $"{entry.Source}: {entry.Key} belongs to the run and is set where its learner starts, not at a node; leave it out."
                ),
        ];
        if (!refused.IsEmpty)
        {
            throw new ConfigurationException(refused);
        }
    }

    /// <summary>Keys of the section cluster belong to a process, so that the run's own values never count here.</summary>
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
