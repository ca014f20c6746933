using Akka.Actor;
using Akka.Configuration;
using ICPO.Actors.Nodes;
using ICPO.Actors.Wire.Codecs;

namespace ICPO.Actors.Benchmarks;

/// <summary>
/// The coordination of a run without its computation: dispatcher, node, verifier, filter, buffer and SQLite journal are the product's;
/// engines and learner are simulated and answer at once.
/// </summary>
internal sealed class ScheduleDriver(string folder) : IAsyncDisposable
{
    public const int Siblings = 8;
    public const int GroupsPerUpdate = 32;
    private static readonly TimeSpan Deadline = TimeSpan.FromMinutes(10);
    private readonly ScheduleStore _store = new(folder);
    private ActorSystem? _system;

    /// <summary>Runs until a number of updates is committed.</summary>
    /// <param name="updates">Updates.</param>
    /// <param name="workers">Engines of the node.</param>
    /// <param name="slots">Sequences at once, of all engines together.</param>
    public async Task RunAsync(long updates, int workers, int slots)
    {
        await _store.OpenAsync();
        Config hocon = ConfigurationFactory
            .ParseString(string.Join('\n', "akka { loglevel = WARNING, stdout-loglevel = OFF }", WireConfiguration.Hocon, _store.Hocon))
            .WithFallback(ScheduleStore.Defaults);
        _system = ActorSystem.Create("schedule", BootstrapSetup.Create().WithConfig(hocon).And(_store.Setup));
        int each = Math.Max(1, slots / workers);
        var parts = new ScheduleParts
        {
            Payloads = _store.Payloads,
            Buffer = _store.Buffer,
            Updates = updates,
            Nodes = 1,
            Start = (context, gateway, _) => context.ActorOf(NodeActor.Props(ScheduleNode.Parts("node", workers, each), gateway)),
            Done = new TaskCompletionSource<TimeSpan>(TaskCreationOptions.RunContinuationsAsynchronously),
        };
        _system.ActorOf(ScheduleCore.Props(parts), "core");
        await parts.Done.Task.WaitAsync(Deadline);
    }

    public async ValueTask DisposeAsync()
    {
        if (_system is not null)
        {
            await _system.Terminate();
        }

        _store.Dispose();
    }
}
