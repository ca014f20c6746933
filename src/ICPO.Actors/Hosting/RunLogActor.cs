using Akka.Actor;
using Akka.Event;
using ICPO.Actors.Journaling;
using ICPO.Actors.Runs;
using Microsoft.Extensions.Logging;
using LogLevel = Microsoft.Extensions.Logging.LogLevel;

namespace ICPO.Actors.Hosting;

/// <summary>
/// Writes the log messages of a run's actors to its <c>run.log</c>, if the run shares the actor system of the host app. Ends with the run.
/// </summary>
internal sealed class RunLogActor : ReceiveActor
{
    private readonly ILoggerProvider _file;

    private sealed record Ended : INoSerializationVerificationNeeded;

    /// <param name="file">The run's log; disposed with the actor.</param>
    /// <param name="sources">Parts of the paths of the run's actors.</param>
    /// <param name="ended">Ends with the run, when nothing else is to be written.</param>
    public RunLogActor(ILoggerProvider file, IReadOnlyList<string> sources, Task ended)
    {
        _file = file;
        Receive<LogEvent>(
            logged => sources.Any(source => logged.LogSource.Contains(source, StringComparison.Ordinal)),
            logged =>
                file.CreateLogger(logged.LogClass.FullName ?? logged.LogClass.Name)
                    .Log(Level(logged), default, logged, logged.Cause, (one, _) => $"{one.Message}")
        );
        Receive<LogEvent>(_ => { });
        Receive<Ended>(_ => Context.Stop(Self));
        IActorRef self = Self;
        _ = ended.ContinueWith(
            _ => self.Tell(new Ended()),
            CancellationToken.None,
            TaskContinuationOptions.ExecuteSynchronously,
            TaskScheduler.Default
        );
    }

    protected override void PreStart() => Context.System.EventStream.Subscribe(Self, typeof(LogEvent));

    protected override void PostStop() => _file.Dispose();

    private static LogLevel Level(LogEvent logged) =>
        logged.LogLevel() switch
        {
            Akka.Event.LogLevel.ErrorLevel => LogLevel.Error,
            Akka.Event.LogLevel.WarningLevel => LogLevel.Warning,
            Akka.Event.LogLevel.InfoLevel => LogLevel.Information,
            _ => LogLevel.Debug,
        };
}

/// <summary>Starts the log of a run.</summary>
internal static class RunLogExtensions
{
    /// <summary>Starts the log of a run in a system that is not the run's own.</summary>
    /// <param name="system">The host app's.</param>
    /// <param name="run">The run.</param>
    /// <param name="loggers">The logger factory of the host app, which also logs the run.</param>
    public static void StartRunLog(this ActorSystem system, RunContext run, ILoggerFactory loggers)
    {
        string id = run.Settings.RunId;
        var file = new RunLogProvider(run.Directory.Log, run.Time, RunLogFormats.Create(run.Settings));
        ILoggerFactory own = LoggerFactory.Create(logging => logging.AddProvider(file).AddProvider(new HostLoggerProvider(loggers, id)));
        Task followed = RunLogging.FollowAsync(run.Run, run.Ended.Task, id, own.CreateLogger(RunLogging.Category));
        string[] sources = [$"/user/{run.ActorName}", $"/system/{JournalPlugin.Section(id)}"];
        system.ActorOf(Props.Create(() => new RunLogActor(file, sources, followed)), $"{run.ActorName}-log");
    }
}
