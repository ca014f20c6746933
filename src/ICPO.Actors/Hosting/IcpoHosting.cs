using Akka.Hosting;
using Akka.Persistence.Sql;
using Akka.Persistence.Sql.Config;
using ICPO.Actors.Wire;
using LinqToDB;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace ICPO.Actors;

/// <summary>The way in: what a host app calls.</summary>
public static class IcpoHosting
{
    /// <summary>
    /// Registers <see cref="IIcpoRuns"/>, which starts and resumes runs, each in an actor system of its own. Register an
    /// <c>ITask</c>, <c>IVerifier</c>, <c>IDemonstrationPool</c>, <c>IPolicyBackend</c> or transient <c>IGenerationEngine</c> to bring your own.
    /// </summary>
    /// <param name="services">The host app's services.</param>
    /// <param name="configuration">Checked configuration; the reference's defaults where it is left out.</param>
    public static IServiceCollection AddIcpo(this IServiceCollection services, IcpoConfiguration? configuration = null)
    {
        services.TryAddSingleton(configuration ?? IcpoConfiguration.Load());
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton<RunPlans>();
        services.TryAddSingleton<IIcpoRuns, IcpoRuns>();
        return services;
    }

    /// <summary>
    /// Hosts one run in an actor system of the host app's own: wire format, journal and the actors under <c>/user/icpo</c>.
    /// The run starts with the system; watch it through <see cref="RunPlan.Run"/>.
    /// </summary>
    public static AkkaConfigurationBuilder WithIcpo(this AkkaConfigurationBuilder builder, RunPlan plan)
    {
        JournalSettings journal = plan.Settings.Journal;
        string connection = journal.ConnectionString.Length > 0
            ? journal.ConnectionString
            : new SqliteConnectionStringBuilder { DataSource = Path.Combine(plan.Directory.Path, journal.Path) }.ToString();
        return builder
            .AddHocon(WireConfiguration.Hocon, HoconAddMode.Prepend)
            .AddHocon(JournalHocon(connection), HoconAddMode.Prepend)
            .AddHocon(SqlPersistence.DefaultConfiguration, HoconAddMode.Append)
            .AddSetup(new DataOptionsSetup(Options(connection, journal.Synchronous)))
            .WithActors((system, registry) => registry.Register<RunActor>(system.ActorOf(RunActor.Props(plan), "icpo")));
    }

    internal static string JournalHocon(string connection)
    {
        string plugin = $"{{ connection-string = \"{connection.Replace("\\", "\\\\").Replace("\"", "\\\"")}\", provider-name = \"{ProviderName.SQLiteMS}\" }}";
        return $$"""
            akka.persistence.journal.plugin = "akka.persistence.journal.sql"
            akka.persistence.snapshot-store.plugin = "akka.persistence.snapshot-store.sql"
            akka.persistence.journal.sql {{plugin}}
            akka.persistence.snapshot-store.sql {{plugin}}
            akka.persistence.query.journal.sql {{plugin}}
            """;
    }

    /// <summary>
    /// Write-ahead log: a commit is one append, and readers do not wait for the writer. <c>synchronous</c> is the configuration's: full
    /// survives power loss, normal survives the death of the process.
    /// </summary>
    internal static DataOptions Options(string connection, string synchronous) => new DataOptions()
        .UseConnectionString(ProviderName.SQLiteMS, connection)
        .UseAfterConnectionOpened(opened =>
        {
            using var command = opened.CreateCommand();
#pragma warning disable CA2100 // The value is one of the two words that configuration allows.
            command.CommandText = $"PRAGMA journal_mode = WAL; PRAGMA synchronous = {synchronous}; PRAGMA busy_timeout = 5000;";
#pragma warning restore CA2100
            command.ExecuteNonQuery();
        });
}
