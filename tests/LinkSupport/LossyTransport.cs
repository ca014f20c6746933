using Akka.Actor;
using ICPO.Actors.Nodes;

namespace LinkSupport;

/// <summary>A transport that loses, repeats, delays and reorders messages as its schedule says, until it heals.</summary>
public sealed class LossyTransport(LinkSchedule schedule, LinkCounts counts) : INodeTransport
{
    private int _messages;

    /// <summary>True once every message arrives once and in order.</summary>
    public bool IsHealed => Volatile.Read(ref _messages) >= schedule.HealsAfter;

    public IActorRef Connect(IActorRefFactory context, IActorRef core) =>
        context.ActorOf(Props.Create(() => new LossyLinkActor(schedule, counts, core, this)), "link");

    /// <summary>Counts a message; true where the link still fails.</summary>
    internal bool Fails() => Interlocked.Increment(ref _messages) <= schedule.HealsAfter;
}
