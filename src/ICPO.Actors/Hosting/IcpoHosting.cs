using Akka.Actor.Setup;
using Akka.Hosting;
using Akka.Persistence.Sql;
using Akka.Persistence.Sql.Config;
using ICPO.Actors.Configuration.Layers;
using ICPO.Actors.HealthChecks;
using ICPO.Actors.Journaling;
using ICPO.Actors.RunFiles.Journal;
using ICPO.Actors.Runs;
using ICPO.Actors.Wire.Codecs;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace ICPO.Actors.Hosting;

/// <summary>Registers ICPO in a host app.</summary>
public static class IcpoHosting
{
    /// <summary>
    /// Registers <see cref="IIcpoRuns"/>, which starts and resumes runs, each in its own actor system. When the host stops or is disposed,
    /// every run stops with a checkpoint. Register an <c>ITask</c>,
    /// <c>IVerifier</c>, <c>IDemonstrationPool</c>, <c>IPolicyBackend</c> or transient <c>IGenerationEngine</c> to replace what the
    /// configuration names.
    /// </summary>
    /// <param name="services">The host app's services.</param>
    /// <param name="configuration">Validated configuration; the defaults of <c>reference.conf</c> if null.</param>
    public static IServiceCollection AddIcpo(this IServiceCollection services, IcpoConfiguration? configuration = null)
    {
        services.TryAddSingleton(configuration ?? IcpoConfiguration.Load());
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton<RunFactory>();
        services.TryAddSingleton<ActiveRuns>();
        services.TryAddSingleton<RunStates>();
        services.TryAddSingleton<IIcpoRuns, IcpoRuns>();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IHostedService, RunsLifetime>());
        return services;
    }

    /// <summary>
    /// As <see cref="AddIcpo(IServiceCollection, IcpoConfiguration?)"/>, with settings from the host app's configuration.
    /// </summary>
    /// <param name="services">The host app's services.</param>
    /// <param name="section">
    /// Such as <c>builder.Configuration.GetSection("Icpo")</c> of appsettings.json; <c>Run:Updates</c> is the key <c>run.updates</c>.
    /// </param>
    /// <exception cref="ICPO.Actors.Configuration.ConfigurationException">A key is unknown, or a value does not fit.</exception>
    public static IServiceCollection AddIcpo(this IServiceCollection services, IConfiguration section) =>
        services.AddIcpo(ConfigurationSection.Load(section));

    /// <summary>
    /// Hosts a run in the host app's actor system: the actors under <c>/user/icpo-{run.id}</c>, a journal and a snapshot store plugin of
    /// the run's own, and serialization bindings for the project's messages only. The run starts with the system and stops with a
    /// checkpoint when the system ends; follow it through <see cref="RunContext.Run"/>. A system may host several runs.
    /// </summary>
    /// <exception cref="ArgumentException">The system hosts a run with this <c>run.id</c> already.</exception>
    public static AkkaConfigurationBuilder WithIcpo(this AkkaConfigurationBuilder builder, RunContext run)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentNullException.ThrowIfNull(run);
        JournalDatabase database = run.Database;
        if (!builder.Find<JournalEvents>().TryAdd(run.Settings.RunId, run.Events))
        {
            throw new ArgumentException(
                $"The actor system hosts a run with run.id = {run.Settings.RunId} already; give each run an id that differs in more than "
                    + "'.' and '_'.",
                nameof(run)
            );
        }

        builder.Find<MultiDataOptionsSetup>().With(database, run.Settings.RunId);
        if (!run.HasOwnHost)
        {
            builder.WithRunLog(run);
        }

        return builder
            .AddHocon(WireConfiguration.Hocon, HoconAddMode.Prepend)
            .AddHocon(JournalPlugin.Hocon(database, run.Settings.RunId), HoconAddMode.Prepend)
            .AddHocon(SqlPersistence.DefaultConfiguration, HoconAddMode.Append)
            .WithRunActor(run)
            .WithActors(
                (_, _, resolver) =>
                {
                    resolver.GetService<ActiveRuns>()?.Add(run.Run);
                    resolver.GetService<RunStates>()?.Follow(run.Run);
                }
            );
    }

    /// <summary>The builder's setup of this type, which all runs of the system share.</summary>
    private static T Find<T>(this AkkaConfigurationBuilder builder)
        where T : Setup, new()
    {
        if (builder.Setups.OfType<T>().FirstOrDefault() is not { } setup)
        {
            setup = new T();
            builder.AddSetup(setup);
        }

        return setup;
    }

    /// <summary>The host app logs as it likes; the run also logs to its own file.</summary>
    private static void WithRunLog(this AkkaConfigurationBuilder builder, RunContext run) =>
        builder.WithActors(
            (system, _, resolver) => system.StartRunLog(run, resolver.GetService<ILoggerFactory>() ?? NullLoggerFactory.Instance)
        );
}
