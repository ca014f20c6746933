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
    /// Hosts one run in the host app's actor system: the actors under <c>/user/icpo</c>, a journal and a snapshot store plugin of the run's
    /// own, and serialization bindings for the project's messages only. The run starts with the system and stops with a checkpoint when the
    /// system ends; follow it through <see cref="RunContext.Run"/>.
    /// </summary>
    public static AkkaConfigurationBuilder WithIcpo(this AkkaConfigurationBuilder builder, RunContext run)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentNullException.ThrowIfNull(run);
        JournalDatabase database = run.Database;
        if (builder.Setups.OfType<MultiDataOptionsSetup>().FirstOrDefault() is not { } setup)
        {
            setup = new MultiDataOptionsSetup();
            builder.AddSetup(setup);
        }

        setup.With(database, run.Settings.RunId);
        return builder
            .AddHocon(WireConfiguration.Hocon, HoconAddMode.Prepend)
            .AddHocon(JournalPlugin.Hocon(database, run.Settings.RunId), HoconAddMode.Prepend)
            .AddHocon(SqlPersistence.DefaultConfiguration, HoconAddMode.Append)
            .WithRunActor(run)
            .WithActors((_, _, resolver) => resolver.GetService<RunStates>()?.Follow(run.Run));
    }
}
