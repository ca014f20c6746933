using Akka;
using Akka.Actor;
using Akka.Actor.Setup;
using Akka.Hosting;

namespace ICPO.Actors.Runs;

/// <summary>Ties a run to an actor system.</summary>
internal static class RunActorExtensions
{
    private const string Phase = $"akka.coordinated-shutdown.phases.{CoordinatedShutdown.PhaseBeforeServiceUnbind}";

    /// <summary>Starts the run's actor with the system, and stops the run with a checkpoint before the system ends.</summary>
    public static AkkaConfigurationBuilder WithRunActor(this AkkaConfigurationBuilder builder, RunContext run) =>
        builder
            .WithTimeToStop(run.Settings.Shutdown.StopTimeout + run.Settings.Shutdown.TerminateTimeout)
            .WithActors((system, _) => system.StartRunActor(run));

    /// <summary>Starts the run's actor in a system that has started, and stops the run with a checkpoint before the system ends.</summary>
    public static void StartRunActor(this ActorSystem system, RunContext run)
    {
        system.ActorOf(RunActor.Props(run), run.ActorName);
        CoordinatedShutdown
            .Get(system)
            .AddTask(CoordinatedShutdown.PhaseBeforeServiceUnbind, $"stop-{run.ActorName}", () => StopAsync(run));
    }

    /// <summary>
    /// The system's shutdown waits for the run that may take longest to stop. A time that the host app has configured is kept.
    /// </summary>
    private static AkkaConfigurationBuilder WithTimeToStop(this AkkaConfigurationBuilder builder, TimeSpan time)
    {
        if (builder.Setups.OfType<TimeToStop>().FirstOrDefault() is not { } longest)
        {
            longest = new TimeToStop();
            builder.AddSetup(longest);
        }

        bool isOurs =
            builder.Configuration is not { HasValue: true, Value: var configured }
            || !configured.HasPath($"{Phase}.timeout")
            || configured.GetTimeSpan($"{Phase}.timeout") == longest.Value;
        if (!isOurs || time <= longest.Value)
        {
            return builder;
        }

        longest.Value = time;
        return builder.AddHocon($"{Phase}.timeout = {(long)time.TotalMilliseconds} ms", HoconAddMode.Prepend);
    }

    /// <summary>The owner gets the exception of a run that fails from its Completion.</summary>
    private static async Task<Done> StopAsync(RunContext run)
    {
        run.Run.RequestStop();
        await ((Task)run.Ended.Task).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        return Done.Instance;
    }

    /// <summary>The values that the runs of a system have set so far.</summary>
    private sealed class TimeToStop : Setup
    {
        public TimeSpan Value { get; set; }
    }
}
