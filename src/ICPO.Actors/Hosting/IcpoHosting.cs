using Akka.Hosting;
using Akka.Persistence.Sql;
using Akka.Persistence.Sql.Config;
using ICPO.Actors.Configuration.Layers;
using ICPO.Actors.Journaling;
using ICPO.Actors.RunFiles.Journal;
using ICPO.Actors.Runs;
using ICPO.Actors.Wire.Codecs;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace ICPO.Actors.Hosting;

/// <summary>The way in: what a host app calls.</summary>
public static class IcpoHosting
{
    /// <summary>
    /// Registers <see cref="IIcpoRuns"/>, which starts and resumes runs, each in an actor system of its own. Register an
    /// <c>ITask</c>, <c>IVerifier</c>, <c>IDemonstrationPool</c>, <c>IPolicyBackend</c> or transient <c>IGenerationEngine</c> to bring your
    /// own.
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
        JournalDatabase database = plan.Database;
        return builder
            .AddHocon(WireConfiguration.Hocon, HoconAddMode.Prepend)
            .AddHocon(JournalPlugin.Hocon(database), HoconAddMode.Prepend)
            .AddHocon(SqlPersistence.DefaultConfiguration, HoconAddMode.Append)
            .AddSetup(new DataOptionsSetup(JournalPlugin.Options(database)))
            .WithActors((system, registry) => registry.Register<RunActor>(system.ActorOf(RunActor.Props(plan), "icpo")));
    }
}
