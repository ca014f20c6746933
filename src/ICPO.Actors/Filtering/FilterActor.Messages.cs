using Akka.Actor;

namespace ICPO.Actors.Filtering;

/// <summary>Messages of the run to the filter.</summary>
public sealed partial class FilterActor
{
    /// <summary>Sets the dispatcher, which is notified of arrived rollouts and of their verdicts.</summary>
    public sealed record AttachDispatcher(IActorRef Dispatcher) : INoSerializationVerificationNeeded;

    /// <summary>Accepts no more rollouts; answered with <see cref="Closed"/>. Verdicts of those that have arrived still count.</summary>
    public sealed record Close : INoSerializationVerificationNeeded
    {
        public static Close Instance { get; } = new();
    }

    /// <summary>Rollouts that arrive from now on are dropped: they are sampled again when the run is resumed.</summary>
    public sealed record Closed : INoSerializationVerificationNeeded
    {
        public static Closed Instance { get; } = new();
    }
}
