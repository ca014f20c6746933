using System.Data.Common;
using Akka.Persistence.Sql.Config;
using ICPO.Actors.Configuration.Hocon;
using ICPO.Actors.RunFiles.Journal;
using LinqToDB;

namespace ICPO.Actors.Journaling;

/// <summary>
/// Configures Akka.Persistence.Sql for a run's journal, as plugins of the run's own: the default plugins and those of other actors of the
/// same system are untouched.
/// </summary>
internal static class JournalPlugin
{
    private const string PostgresProvider = ProviderName.PostgreSQL15;

    /// <summary>The id of a run's journal plugin.</summary>
    public static string JournalId(string runId) => $"{Section(runId)}.journal";

    /// <summary>The id of a run's snapshot store plugin.</summary>
    public static string SnapshotStoreId(string runId) => $"{Section(runId)}.snapshot-store";

    /// <summary>Configures how connections of a run's plugins are opened.</summary>
    public static MultiDataOptionsSetup With(this MultiDataOptionsSetup setup, JournalDatabase database, string runId)
    {
        DataOptions options = Options(database);
        setup.AddDataOptions(JournalId(runId), options);
        setup.AddDataOptions(SnapshotStoreId(runId), options);
        return setup;
    }

    /// <summary>The configuration of a run's plugins.</summary>
    public static string Section(string runId) =>
        runId.Length > 0 ? $"icpo.persistence.run-{runId.Replace('.', '_')}" : "icpo.persistence.run";

    private static string Provider(JournalDatabase database) => database.IsServer ? PostgresProvider : ProviderName.SQLiteMS;

    /// <summary>
    /// SQLite writes ahead to a log: a commit is one append, and readers do not wait for the writer. <c>synchronous</c> comes from the
    /// configuration: full survives power loss, normal survives the death of the process.
    /// </summary>
    private static DataOptions Options(JournalDatabase database)
    {
        DataOptions options = new DataOptions().UseConnectionString(Provider(database), database.ConnectionString);
        return database.IsServer
            ? options
            : options.UseAfterConnectionOpened(opened =>
            {
                using DbCommand command = opened.CreateCommand();
#pragma warning disable CA2100 // The configuration allows two values only.
                command.CommandText =
                    $"PRAGMA journal_mode = WAL; PRAGMA synchronous = {database.Synchronous}; PRAGMA busy_timeout = 5000;";
#pragma warning restore CA2100
                command.ExecuteNonQuery();
            });
    }

    /// <summary>
    /// The plugins, which retry during an outage. Their circuit breakers and Akka's own timeouts are longer than the outage timeout, so
    /// that they do not give up first.
    /// </summary>
    public static string Hocon(JournalDatabase database, string runId)
    {
        string connection =
            $"auto-initialize = off, connection-string = {HoconWriter.Scalar(database.ConnectionString)}, "
            + $"provider-name = \"{Provider(database)}\"";
        string retry =
            $"run = \"{Section(runId)}\", outage-timeout = {Milliseconds(database.OutageTimeout)}, "
            + $"circuit-breaker {{ max-failures = 1000, call-timeout = {Milliseconds(2 * database.OutageTimeout)} }}";
        return $$"""
            {{JournalId(runId)}} {
              plugin-id = "{{JournalId(runId)}}"
              class = "{{typeof(RetryingSqlJournal).FullName}}, ICPO.Actors"
              recovery-event-timeout = {{Milliseconds(2 * database.OutageTimeout)}}
              {{connection}}, {{retry}}
            }
            {{SnapshotStoreId(runId)}} {
              plugin-id = "{{SnapshotStoreId(runId)}}"
              class = "{{typeof(RetryingSqlSnapshotStore).FullName}}, ICPO.Actors"
              {{connection}}, {{retry}}
            }
            """;
    }

    private static string Milliseconds(TimeSpan time) => $"{(long)time.TotalMilliseconds} ms";
}
