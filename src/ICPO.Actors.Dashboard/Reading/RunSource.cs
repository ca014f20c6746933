using System.Collections.Immutable;
using ICPO.Actors.Configuration;
using ICPO.Actors.Configuration.Settings;
using ICPO.Actors.RunFiles;
using ICPO.Actors.RunFiles.Directories;
using ICPO.Actors.RunFiles.History;
using ICPO.Actors.RunFiles.Journal;

namespace ICPO.Actors.Dashboard.Reading;

/// <summary>A run, read from its files, or from its journal's server. Nothing of the run is locked or written. Thread-safe.</summary>
internal sealed class RunSource
{
    /// <summary>A journal on a server has no file whose change could be seen.</summary>
    private static readonly TimeSpan ServerInterval = TimeSpan.FromSeconds(5);

    private readonly TimeProvider _time;
    private readonly ServerRun? _server;
    private readonly MetricTable _metrics;
    private readonly Refreshed<StoredSettings> _settings;
    private readonly Refreshed<JournalView> _journal;
    private readonly Refreshed<EventList> _events;
    private readonly Refreshed<StoredNodes> _nodes;

    /// <param name="id">Its name in addresses.</param>
    /// <param name="directory">Its directory, or that of the copy of its records.</param>
    /// <param name="time">The clock.</param>
    /// <param name="texts">Texts of tokens.</param>
    /// <param name="server">The server of a run whose directory is elsewhere; null if it is at hand.</param>
    public RunSource(string id, RunDirectory directory, TimeProvider time, TokenTexts texts, ServerRun? server = null)
    {
        (Id, Directory, Texts, _time, _server) = (id, directory, texts, time, server);
        _metrics = new MetricTable(Directory.Metrics);
        _settings = new(time, () => FileStamp.Of(Directory.EffectiveConfiguration), ReadSettings);
        _journal = new(time, JournalStamp, () => new JournalView(RunJournal.Open(Directory, Settings, [])));
        _events = new(time, () => FileStamp.Of(Directory.Events), () => new EventList(RunEventLog.Read(Directory)));
        _nodes = new(time, () => FileStamp.Of(Directory.Nodes), () => new StoredNodes(NodeRecords.Read(Directory)));
    }

    /// <summary>Its name in addresses.</summary>
    public string Id { get; }

    public RunDirectory Directory { get; }

    public TokenTexts Texts { get; }

    /// <summary>Where it is, for display: its directory, or its id and server.</summary>
    public string Location => _server?.Location ?? Directory.Path;

    /// <summary>The core that owns it on its server; null without a server.</summary>
    public string? Core => _server?.Owner;

    /// <summary>True if only its journal is at hand.</summary>
    public bool IsOnServer => _server is not null;

    /// <exception cref="IOException">The configuration cannot be read.</exception>
    public RunSettings Settings => Fresh(_settings).Settings;

    /// <exception cref="IOException">The file cannot be read.</exception>
    public MetricColumns Metrics
    {
        get
        {
            _server?.Refresh();
            return _metrics.Read();
        }
    }

    /// <exception cref="IOException">There is no journal, or it cannot be opened; names it.</exception>
    /// <exception cref="InvalidDataException">Its content cannot be read; names the event.</exception>
    public JournalView Journal => Fresh(_journal);

    /// <summary>What happened to the run, oldest first.</summary>
    public ImmutableArray<EventLine> Events => Fresh(_events).Events;

    /// <summary>Its nodes; null if the run did not record them.</summary>
    /// <exception cref="InvalidDataException">The file has other content; names it.</exception>
    public NodeRecords? Nodes => Fresh(_nodes).Records;

    /// <summary>The summary; null if there is none yet.</summary>
    /// <exception cref="InvalidDataException">The file is not a summary; names it.</exception>
    public RunSummary? Summary => RunSummaries.Read(Directory);

    /// <summary>Whether a process works on it, or how it has ended.</summary>
    public (RunState State, RunOwner? Owner) State(RunSummary? summary)
    {
        try
        {
            if (_server is { } server)
            {
                long update = Metrics.Updates is [.., long last] ? last : 0;
                return (server.State(update, Settings.Updates), null);
            }

            return RunStates.Read(Directory, summary?.State, _time);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or InvalidDataException or ConfigurationException)
        {
            // The directory has just been removed, or may not be read; what is shown of the run says so.
            return (RunState.Dead, null);
        }
    }

    /// <summary>The state of the run's files; it differs once the run has advanced.</summary>
    public object Stamp()
    {
        (RunState state, RunOwner? owner) = State(null);
        var changes = (FileStamp.Of(Directory.Events), FileStamp.Of(Directory.Nodes));
        return (FileStamp.Of(Directory.Metrics), changes, FileStamp.Of(Directory.Summary), state, owner?.Token);
    }

    private T Fresh<T>(Refreshed<T> part)
        where T : class
    {
        _server?.Refresh();
        return part.Value;
    }

    private StoredSettings ReadSettings()
    {
        (RunSettings settings, _) = StoredConfiguration.Read(Directory);
        return new StoredSettings(_server?.With(settings) ?? settings);
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

    private sealed record StoredNodes(NodeRecords? Records);

    private sealed record EventList(ImmutableArray<EventLine> Events);
}
