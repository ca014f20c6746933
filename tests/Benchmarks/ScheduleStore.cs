using Akka.Configuration;
using Akka.Persistence.Sql;
using Akka.Persistence.Sql.Config;
using ICPO.Actors.Buffering;
using ICPO.Actors.Configuration.Layers;
using ICPO.Actors.Configuration.Settings;
using ICPO.Actors.Journaling;
using ICPO.Actors.RunFiles.Directories;
using ICPO.Actors.RunFiles.Journal;
using ICPO.Actors.Wire.Segments;

namespace ICPO.Actors.Benchmarks;

/// <summary>The SQLite journal and the payloads of a run, in a folder.</summary>
internal sealed class ScheduleStore : IDisposable
{
    private const string RunId = "schedule";
    private readonly JournalSettings _settings = IcpoConfiguration.Load().Settings.Journal;
    private readonly JournalDatabase _database;

    public ScheduleStore(string folder)
    {
        _database = JournalDatabase.Create(_settings, new RunDirectory(folder));
        Payloads = new SegmentLog(Path.Combine(folder, "payloads"));
    }

    public SegmentLog Payloads { get; }

    public BufferSettings Buffer =>
        new(_settings.Synchronous == "full", null, _settings.SnapshotEvery, KeepCheckpoints: 2) { RunId = RunId };

    /// <summary>Creates the tables.</summary>
    public Task OpenAsync() => JournalTables.ReachAsync(_database, (_, _) => { }, TimeProvider.System);

    /// <summary>How an actor system reaches the journal.</summary>
    public MultiDataOptionsSetup Setup => new MultiDataOptionsSetup().With(_database, RunId);

    public string Hocon => JournalPlugin.Hocon(_database, RunId);

    public static Config Defaults => SqlPersistence.DefaultConfiguration;

    public void Dispose() => Payloads.Dispose();
}
