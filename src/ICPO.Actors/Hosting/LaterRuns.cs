using Akka.Actor;
using Akka.Configuration;
using Akka.Hosting;
using Akka.Persistence.Sql;
using Akka.Persistence.Sql.Config;
using ICPO.Actors.Journaling;
using ICPO.Actors.Runs;
using ICPO.Actors.Wire.Codecs;
using Microsoft.Extensions.Logging;

namespace ICPO.Actors.Hosting;

/// <summary>Runs that start in an actor system some time after the system has started, as in a process that takes over a run.</summary>
internal static class LaterRuns
{
    /// <summary>Prepares a system for runs that are not known yet.</summary>
    public static AkkaConfigurationBuilder WithLaterRuns(this AkkaConfigurationBuilder builder)
    {
        builder.AddSetup(new JournalEvents());
        builder.AddSetup(new MultiDataOptionsSetup());
        return builder
            .AddHocon(WireConfiguration.Hocon, HoconAddMode.Prepend)
            .AddHocon(SqlPersistence.DefaultConfiguration, HoconAddMode.Append);
    }

    /// <summary>Starts a run in a system that was built with <see cref="WithLaterRuns"/>.</summary>
    /// <exception cref="InvalidOperationException">The system was not prepared, or hosts the run already.</exception>
    public static void StartRun(this ActorSystem system, RunContext run, ILoggerFactory loggers)
    {
        string id = run.Settings.RunId;
        if (
            system.Settings.Setup.Get<JournalEvents>() is not { HasValue: true, Value: var events }
            || system.Settings.Setup.Get<MultiDataOptionsSetup>() is not { HasValue: true, Value: var options }
            || !events.TryAdd(id, run.Events)
        )
        {
            throw new InvalidOperationException($"The actor system {system.Name} cannot host the run {id}.");
        }

        options.With(run.Database, id);
        system.Settings.InjectTopLevelFallback(ConfigurationFactory.ParseString(JournalPlugin.Hocon(run.Database, id)));
        system.StartRunLog(run, loggers);
        system.StartRunActor(run);
    }
}
