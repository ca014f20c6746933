using System.Collections.Immutable;
using ICPO.Actors.Configuration.Settings;

namespace ICPO.Actors.Configuration.Layers;

/// <summary>A key that is changed when a run is resumed.</summary>
/// <param name="Key">With the prefix <c>icpo.</c>.</param>
/// <param name="Before">The stored value, as it is written in a file.</param>
/// <param name="After">The new value, as it is written in a file.</param>
/// <param name="Source">The layer that set it.</param>
public sealed record KeyChange(string Key, string Before, string After, string Source);

/// <summary>The configuration of a run that is resumed: the stored one, with changes of keys that may change.</summary>
/// <param name="Configuration">The configuration that the run continues with.</param>
/// <param name="Changes">In the order of reference.conf.</param>
public sealed record ResumedConfiguration(IcpoConfiguration Configuration, ImmutableArray<KeyChange> Changes)
{
    private const string Updates = "icpo.run.updates";
    private const string Schedule = "icpo.run.schedule-updates";
    private const string Connection = "icpo.journal.connection-string";

    /// <summary>
    /// Applies environment, overrides and code to a stored configuration. A run that is made longer keeps the length of its schedules, so
    /// that its updates can still be repeated.
    /// </summary>
    /// <exception cref="ConfigurationException">A key is unknown, invalid or fixed; names it.</exception>
    public static ResumedConfiguration Apply(IcpoConfiguration stored, ConfigurationSources changes)
    {
        ArgumentNullException.ThrowIfNull(stored);
        ArgumentNullException.ThrowIfNull(changes);
        ConfigurationSources layers = changes with { Files = [new ConfigurationFile("effective.conf", stored.Render()), .. changes.Files] };
        IcpoConfiguration resumed = IcpoConfiguration.Load(layers).WithAbsolutePaths();
        ImmutableArray<KeyChange> changed = Compare(stored.WithAbsolutePaths(), resumed);
        ImmutableArray<string> refused = [.. changed.Where(change => !IsAllowed(change, stored, resumed)).Select(Refusal)];
        if (!refused.IsEmpty)
        {
            throw new ConfigurationException(refused);
        }

        changed = [.. changed.Where(change => change.Key != Connection)];
        bool followsUpdates = stored.Entries.First(entry => entry.Key == Schedule).Value == "0";
        if (followsUpdates && changed.FirstOrDefault(change => change.Key == Updates) is { } length)
        {
            resumed = resumed.With(new KeyValuePair<string, string>(Schedule, length.Before));
            changed = [.. changed, new KeyChange(Schedule, "0", length.Before, $"the change of {Updates}")];
        }

        return new ResumedConfiguration(resumed, changed);
    }

    /// <summary>The changes as text that is appended to the stored file, where later values override earlier ones.</summary>
    /// <param name="time">When they were made.</param>
    public string Appendix(DateTimeOffset time) =>
        string.Concat(
            Changes.Select(change =>
                $"# {time:u}: changed from {change.Before} by {change.Source.ReplaceLineEndings(" ")}\n{change.Key} = {change.After}\n"
            )
        );

    private static ImmutableArray<KeyChange> Compare(IcpoConfiguration stored, IcpoConfiguration resumed) =>
        [
            .. stored
                .Entries.Zip(resumed.Entries)
                .Where(pair => pair.First.Value != pair.Second.Value)
                .Select(pair => new KeyChange(pair.First.Key, pair.First.Value, pair.Second.Value, pair.Second.Source)),
        ];

    private static bool IsAllowed(KeyChange change, IcpoConfiguration stored, IcpoConfiguration resumed) =>
        change.Key == Connection
            ? ConnectionSecret.IsSameDatabase(stored.Settings.Journal.ConnectionString, resumed.Settings.Journal.ConnectionString)
            : KeyClasses.Of(change.Key) != KeyClass.Fixed;

    private static string Refusal(KeyChange change) =>
        $"{change.Source}: {change.Key} = {change.After} cannot be set: the run has {change.Before} and its results depend on it. Remove "
        + "it, or start a new run; reference.conf marks the keys that may change with [extendable], [relocatable] or [node].";
}
