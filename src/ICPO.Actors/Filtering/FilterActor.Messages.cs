using Akka.Actor;

namespace ICPO.Actors.Filtering;

/// <summary>What the run tells the filter.</summary>
public sealed partial class FilterActor
{
    /// <summary>Names the dispatcher, which hears of rollouts that arrive and of their verdicts.</summary>
    public sealed record AttachDispatcher(IActorRef Dispatcher) : INoSerializationVerificationNeeded;

    /// <summary>Takes no more rollouts; answered with <see cref="Closed"/>. Verdicts of those that have arrived still count.</summary>
    public sealed record Close : INoSerializationVerificationNeeded
    {
        public static Close Instance { get; } = new();
    }

    /// <summary>What arrives from now on is dropped: it is sampled again when the run is resumed.</summary>
    public sealed record Closed : INoSerializationVerificationNeeded
    {
        public static Closed Instance { get; } = new();
    }
}
