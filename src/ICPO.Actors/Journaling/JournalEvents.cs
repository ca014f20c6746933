using System.Collections.Concurrent;
using Akka.Actor;
using Akka.Actor.Setup;
using ICPO.Actors.RunEvents;

namespace ICPO.Actors.Journaling;

/// <summary>
/// Names the run that each journal plugin of an actor system belongs to. The system creates the plugins, so a run cannot give them anything
/// but configuration.
/// </summary>
internal sealed class JournalEvents : Setup
{
    private readonly ConcurrentDictionary<string, RunEventBus> _runs = new();

    /// <summary>Adds a run; false if the system has one with these plugins already.</summary>
    public bool TryAdd(string runId, RunEventBus events) => _runs.TryAdd(JournalPlugin.Section(runId), events);

    /// <summary>The bus on which outages of a plugin are published; none if its run is not known.</summary>
    /// <param name="system">The plugin's.</param>
    /// <param name="section">The configuration of the run's plugins.</param>
    public static RunEventBus Of(ActorSystem system, string section) =>
        system.Settings.Setup.Get<JournalEvents>() is { HasValue: true, Value: var known }
        && known._runs.TryGetValue(section, out RunEventBus? events)
            ? events
            : new RunEventBus();
}
