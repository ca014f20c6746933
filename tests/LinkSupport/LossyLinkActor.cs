using Akka.Actor;
using ICPO.Actors.Contracts.Identity;
using ICPO.Actors.Wire.Codecs;

namespace LinkSupport;

/// <summary>
/// The node's end of a link. The core sees a stand-in for each actor of the node, as it would over a network, and every message passes
/// through its bytes.
/// </summary>
internal sealed class LossyLinkActor : ReceiveActor
{
    private readonly LinkSchedule _schedule;
    private readonly LinkCounts _counts;
    private readonly LossyTransport _link;
    private readonly Dictionary<IActorRef, IActorRef> _standIns = [];
    private readonly List<(Packet Packet, int Left)> _held = [];
    private RandomStream _random;

    /// <summary>A message of the core to an actor of the node.</summary>
    private sealed record Down(object Message, IActorRef To);

    private sealed record Packet(object Message, IActorRef To, IActorRef From);

    public LossyLinkActor(LinkSchedule schedule, LinkCounts counts, IActorRef core, LossyTransport link)
    {
        (_schedule, _counts, _link) = (schedule, counts, link);
        _random = new RandomStream(schedule.Seed);
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
        if (!_link.Fails())
        {
            Release(all: true);
            packet.To.Tell(packet.Message, packet.From);
            return;
        }

        if (_random.NextDouble() < _schedule.Drop)
        {
            _counts.Add(packet.Message, "lost");
        }
        else
        {
            Send(packet);
            if (_random.NextDouble() < _schedule.Repeat)
            {
                _counts.Add(packet.Message, "repeated");
                Send(packet);
            }
        }

        Release(all: false);
    }

    private void Send(Packet packet)
    {
        if (_random.NextDouble() < _schedule.Hold)
        {
            _counts.Add(packet.Message, "held back");
            _held.Add((packet, 1 + _random.NextInt(12)));
        }
        else if (_random.NextDouble() < _schedule.Late)
        {
            _counts.Add(packet.Message, "delayed");
            Context.System.Scheduler.ScheduleTellOnce(_schedule.Delay * _random.NextDouble(), packet.To, packet.Message, packet.From);
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
