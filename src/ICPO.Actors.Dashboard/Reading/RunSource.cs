using System.Collections.Immutable;
using ICPO.Actors.Configuration.Settings;
using ICPO.Actors.RunFiles;
using ICPO.Actors.RunFiles.Directories;
using ICPO.Actors.RunFiles.History;
using ICPO.Actors.RunFiles.Journal;

namespace ICPO.Actors.Dashboard.Reading;

/// <summary>A run, read from its files. Nothing is locked or written. Thread-safe.</summary>
internal sealed class RunSource
{
    /// <summary>A journal on a server has no file whose change could be seen.</summary>
    private static readonly TimeSpan ServerInterval = TimeSpan.FromSeconds(5);

    private readonly TimeProvider _time;
    private readonly MetricTable _metrics;
    private readonly Refreshed<StoredSettings> _settings;
    private readonly Refreshed<JournalView> _journal;
    private readonly Refreshed<EventList> _events;

    public RunSource(string id, string path, TimeProvider time, TokenTexts texts)
    {
        (Id, Directory, Texts, _time) = (id, new RunDirectory(path), texts, time);
        _metrics = new MetricTable(Directory.Metrics);
        _settings = new(time, () => FileStamp.Of(Directory.EffectiveConfiguration), ReadSettings);
        _journal = new(time, JournalStamp, () => new JournalView(RunJournal.Open(Directory, Settings, [])));
        _events = new(time, () => FileStamp.Of(Directory.Events), () => new EventList(RunEventLog.Read(Directory)));
    }

    /// <summary>Its name in addresses.</summary>
    public string Id { get; }

    public RunDirectory Directory { get; }

    public TokenTexts Texts { get; }

    /// <exception cref="IOException">The configuration cannot be read.</exception>
    public RunSettings Settings => _settings.Value.Settings;

    /// <exception cref="IOException">The file cannot be read.</exception>
    public MetricColumns Metrics => _metrics.Read();

    /// <exception cref="IOException">There is no journal, or it cannot be opened; names it.</exception>
    /// <exception cref="InvalidDataException">Its content cannot be read; names the event.</exception>
    public JournalView Journal => _journal.Value;

    /// <summary>What happened to the run, oldest first.</summary>
    public ImmutableArray<EventLine> Events => _events.Value.Events;

    /// <summary>The summary; null if there is none yet.</summary>
    /// <exception cref="InvalidDataException">The file is not a summary; names it.</exception>
    public RunSummary? Summary => RunSummaries.Read(Directory);

    /// <summary>Whether a process works on it, or how it has ended.</summary>
    public (RunState State, RunOwner? Owner) State(RunSummary? summary)
    {
        try
        {
            return RunStates.Read(Directory, summary?.State, _time);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            // The directory has just been removed, or may not be read.
            return (RunState.Dead, null);
        }
    }

    /// <summary>The state of the run's files; it differs once the run has advanced.</summary>
    public object Stamp()
    {
        (RunState state, RunOwner? owner) = State(null);
        return (FileStamp.Of(Directory.Metrics), FileStamp.Of(Directory.Events), FileStamp.Of(Directory.Summary), state, owner?.Token);
    }

    private StoredSettings ReadSettings()
    {
        (RunSettings settings, _) = StoredConfiguration.Read(Directory);
        return new StoredSettings(settings);
    }

    private object JournalStamp()
    {
        JournalSettings journal = Settings.Journal;
        string file = Path.Combine(Directory.Path, journal.Path);
        return journal.ConnectionString.Length > 0
            ? _time.GetUtcNow().Ticks / ServerInterval.Ticks
            : (FileStamp.Of(file), FileStamp.Of($"{file}-wal"));
    }

    private sealed record StoredSettings(RunSettings Settings);

    private sealed record EventList(ImmutableArray<EventLine> Events);
}
