using Akka.Actor;
using ICPO.Actors.Wire.Codecs;

namespace LinkSupport;

/// <summary>
/// The node's end of a link. The core sees a stand-in for each actor of the node, as it would over a network, and every message passes
/// through its bytes.
/// </summary>
internal sealed class LossyLinkActor : ReceiveActor
{
    private readonly LinkCounts _counts;
    private readonly LossyTransport _link;
    private readonly Dictionary<IActorRef, IActorRef> _standIns = [];
    private readonly List<(Packet Packet, int Left)> _held = [];

    /// <summary>A message of the core to an actor of the node.</summary>
    private sealed record Down(object Message, IActorRef To);

    private sealed record Packet(object Message, IActorRef To, IActorRef From);

    public LossyLinkActor(LinkCounts counts, IActorRef core, LossyTransport link)
    {
        (_counts, _link) = (counts, link);
        Receive<Down>(down => Pass(new Packet(down.Message, down.To, Self)));
        Receive<Terminated>(gone =>
        {
            if (_standIns.Remove(gone.ActorRef, out IActorRef? standIn))
            {
                Context.Stop(standIn);
            }
        });
        ReceiveAny(message => Pass(new Packet(message, core, StandIn(Sender))));
    }

    private IActorRef StandIn(IActorRef worker)
    {
        if (!_standIns.TryGetValue(worker, out IActorRef? standIn))
        {
            IActorRef link = Self;
            Context.Watch(worker);
            _standIns[worker] = standIn = Context.ActorOf(Props.Create(() => new StandInActor(link, worker)));
        }

        return standIn;
    }

    private void Pass(Packet packet)
    {
        packet = packet with { Message = WireFormat.Read(WireFormat.Manifest(packet.Message), WireFormat.Write(packet.Message)) };
        if (_link.Next() is not { } fate)
        {
            Release(all: true);
            packet.To.Tell(packet.Message, packet.From);
            return;
        }

        if (fate.IsLost)
        {
            _counts.Add(packet.Message, "lost");
        }
        else
        {
            Send(packet, fate);
            if (fate.IsRepeated)
            {
                _counts.Add(packet.Message, "repeated");
                packet.To.Tell(packet.Message, packet.From);
            }
        }

        Release(all: false);
    }

    private void Send(Packet packet, LinkFate fate)
    {
        if (fate.HeldFor > 0)
        {
            _counts.Add(packet.Message, "held back");
            _held.Add((packet, fate.HeldFor));
        }
        else if (fate.DelayMilliseconds > 0)
        {
            _counts.Add(packet.Message, "delayed");
            var delay = TimeSpan.FromMilliseconds(fate.DelayMilliseconds);
            Context.System.Scheduler.ScheduleTellOnce(delay, packet.To, packet.Message, packet.From);
        }
        else
        {
            packet.To.Tell(packet.Message, packet.From);
        }
    }

    /// <summary>Sends what was held back until enough later messages had passed.</summary>
    private void Release(bool all)
    {
        for (int at = _held.Count - 1; at >= 0; at--)
        {
            (Packet packet, int left) = _held[at];
            if (all || left <= 0)
            {
                _held.RemoveAt(at);
                packet.To.Tell(packet.Message, packet.From);
            }
            else
            {
                _held[at] = (packet, left - 1);
            }
        }
    }

    private sealed class StandInActor : ReceiveActor
    {
        public StandInActor(IActorRef link, IActorRef worker) => ReceiveAny(message => link.Tell(new Down(message, worker)));
    }
}
