using Akka.Actor;
using ICPO.Actors.Nodes;

namespace LinkSupport;

/// <summary>A transport that loses, repeats, delays and reorders messages as its schedule says, until it heals.</summary>
public sealed class LossyTransport(LinkSchedule schedule, LinkCounts counts) : INodeTransport
{
    private int _messages;

    /// <summary>True once every message arrives once and in order.</summary>
    public bool IsHealed => Volatile.Read(ref _messages) >= schedule.Fates.Length;

    public IActorRef Connect(IActorRefFactory context, IActorRef core) =>
        context.ActorOf(Props.Create(() => new LossyLinkActor(counts, core, this)), "link");

    /// <summary>The fate of the next message; null once the link works.</summary>
    internal LinkFate? Next()
    {
        int number = Interlocked.Increment(ref _messages) - 1;
        return number < schedule.Fates.Length ? schedule.Fates[number] : null;
    }
}
