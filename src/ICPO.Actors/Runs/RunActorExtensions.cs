using Akka;
using Akka.Actor;
using Akka.Hosting;

namespace ICPO.Actors.Runs;

/// <summary>Ties a run to an actor system.</summary>
internal static class RunActorExtensions
{
    /// <summary>Starts the run's actor with the system, and stops the run with a checkpoint before the system ends.</summary>
    public static AkkaConfigurationBuilder WithRunActor(this AkkaConfigurationBuilder builder, RunContext run)
    {
        TimeSpan deadline = run.Settings.Shutdown.StopTimeout + run.Settings.Shutdown.TerminateTimeout;
        string phase = $"akka.coordinated-shutdown.phases.{CoordinatedShutdown.PhaseBeforeServiceUnbind}";
        return builder
            .AddHocon($"{phase}.timeout = {(long)deadline.TotalMilliseconds} ms", HoconAddMode.Append)
            .WithActors(
                (system, registry) =>
                {
                    registry.Register<RunActor>(system.ActorOf(RunActor.Props(run), "icpo"));
                    CoordinatedShutdown
                        .Get(system)
                        .AddTask(CoordinatedShutdown.PhaseBeforeServiceUnbind, "stop-icpo-run", () => StopAsync(run));
                }
            );
    }

    /// <summary>The owner gets the exception of a run that fails from its Completion.</summary>
    private static async Task<Done> StopAsync(RunContext run)
    {
        run.Run.RequestStop();
        await ((Task)run.Ended.Task).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        return Done.Instance;
    }
}
