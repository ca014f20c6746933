using System.Data.Common;
using ICPO.Actors.Configuration.Hocon;
using ICPO.Actors.RunFiles.Journal;
using LinqToDB;

namespace ICPO.Actors.Journaling;

/// <summary>Configures Akka.Persistence.Sql for a run's journal.</summary>
internal static class JournalPlugin
{
    private const string PostgresProvider = ProviderName.PostgreSQL15;

    private static string Provider(JournalDatabase database) => database.IsServer ? PostgresProvider : ProviderName.SQLiteMS;

    /// <summary>
    /// SQLite writes ahead to a log: a commit is one append, and readers do not wait for the writer. <c>synchronous</c> comes from the
    /// configuration: full survives power loss, normal survives the death of the process.
    /// </summary>
    public static DataOptions Options(JournalDatabase database)
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
    public static string Hocon(JournalDatabase database)
    {
        string connection =
            $"auto-initialize = off, connection-string = {HoconWriter.Scalar(database.ConnectionString)}, "
            + $"provider-name = \"{Provider(database)}\"";
        string retry =
            $"outage-timeout = {Milliseconds(database.OutageTimeout)}, "
            + $"circuit-breaker {{ max-failures = 1000, call-timeout = {Milliseconds(2 * database.OutageTimeout)} }}";
        return $$"""
            akka.persistence.journal.plugin = "akka.persistence.journal.sql"
            akka.persistence.snapshot-store.plugin = "akka.persistence.snapshot-store.sql"
            akka.persistence.journal.sql {
              class = "{{typeof(RetryingSqlJournal).FullName}}, ICPO.Actors"
              recovery-event-timeout = {{Milliseconds(2 * database.OutageTimeout)}}
              {{connection}}, {{retry}}
            }
            akka.persistence.snapshot-store.sql {
              class = "{{typeof(RetryingSqlSnapshotStore).FullName}}, ICPO.Actors"
              {{connection}}, {{retry}}
            }
            akka.persistence.query.journal.sql { {{connection.Replace("auto-initialize = off, ", "")}} }
            """;
    }

    private static string Milliseconds(TimeSpan time) => $"{(long)time.TotalMilliseconds} ms";
}
