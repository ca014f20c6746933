using System.Collections.Concurrent;
using System.Collections.Immutable;
using Akka.Actor;

namespace ICPO.Actors.RunEvents;

/// <summary>
/// Publishes the events of one run to the actors of that run. An actor system may hold several runs, and its event stream is common to
/// all of them. Thread-safe.
/// </summary>
public sealed class RunEventBus
{
    private readonly ConcurrentDictionary<Type, ImmutableArray<IActorRef>> _subscribers = new();

    /// <summary>Sends an event to the actors that have subscribed to its type, in the order of publication per publisher.</summary>
    public void Publish(object happened)
    {
        ArgumentNullException.ThrowIfNull(happened);
        if (!_subscribers.TryGetValue(happened.GetType(), out ImmutableArray<IActorRef> subscribers))
        {
            return;
        }

        foreach (IActorRef subscriber in subscribers)
        {
            subscriber.Tell(happened, ActorRefs.NoSender);
        }
    }

    /// <summary>
    /// Subscribes an actor to events of exactly these types. Its parent calls this right after creation, so that no later event is missed.
    /// </summary>
    public void Subscribe(IActorRef subscriber, params ReadOnlySpan<Type> types)
    {
        foreach (Type type in types)
        {
            _subscribers.AddOrUpdate(type, [subscriber], (_, others) => others.Contains(subscriber) ? others : others.Add(subscriber));
        }
    }
}
