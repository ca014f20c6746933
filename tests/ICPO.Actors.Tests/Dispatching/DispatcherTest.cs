using Akka.Actor;
using Akka.TestKit;
using ICPO.Actors.Algorithm.Admission;
using ICPO.Actors.Algorithm.ExpertMixing;
using ICPO.Actors.Algorithm.GroupFiltering;
using ICPO.Actors.Contracts.Dispatching;
using ICPO.Actors.Contracts.Identity;
using ICPO.Actors.Dispatching;
using ICPO.Actors.Planning;
using ICPO.Actors.RunEvents;
using ICPO.Actors.Tests.Fakes;

namespace ICPO.Actors.Tests.Dispatching;

/// <summary>Tests of the dispatcher between probes for its workers, its filter and its parent.</summary>
public abstract class DispatcherTest : ActorTest
{
    protected const int GroupsPerUpdate = 3;
    private long _sequence;

    protected static LearnerEpoch Epoch { get; } = new(1);

    protected ManualTime Time { get; } = new();

    /// <summary>Where the dispatcher publishes.</summary>
    protected RunEventBus Events { get; } = new();

    /// <summary>Room for one group.</summary>
    protected static AdmissionSettings One() => new() { MaxRunningGroups = 1 };

    protected static DispatcherActor.Open Open() => new(PolicyVersion.Base, 0, [], new GroupId(0));

    /// <summary>A dispatcher of groups of two rollouts; the parent receives what the dispatcher throws.</summary>
    protected IActorRef Start(AdmissionSettings admission, IActorRef? filter = null, TestProbe? parent = null)
    {
        var group = new GroupSettings
        {
            PolicyRollouts = 2,
            ExpertRollouts = 0,
            GroupsPerUpdate = GroupsPerUpdate,
        };
        var planner = new GroupPlanner(new ParityTask(), new LetterTokenizer(), group, new ExpertSettings(), 1);
        var settings = new DispatcherSettings(group, admission)
        {
            Epoch = Epoch,
            TickInterval = TimeSpan.FromHours(1),
            Events = Events,
        };
        Props props = DispatcherActor.Props(planner, settings, filter ?? CreateTestProbe(), Time);
        return parent is null ? Sys.ActorOf(props) : Supervised(parent, props);
    }

    /// <summary>A dispatcher that may open groups.</summary>
    protected IActorRef Opened(AdmissionSettings admission, IActorRef? filter = null, TestProbe? parent = null)
    {
        IActorRef dispatcher = Start(admission, filter, parent);
        dispatcher.Tell(Open());
        return dispatcher;
    }

    /// <summary>The lease that a worker gets when it asks.</summary>
    protected LeaseId Lease(IActorRef dispatcher, TestProbe worker, int free, string name = "engine")
    {
        Ask(dispatcher, worker, free, name: name);
        return worker.ExpectMsg<RolloutLease>().Id;
    }

    /// <summary>Sends what a worker has room for and what it holds.</summary>
    protected void Ask(IActorRef dispatcher, IActorRef worker, int free, LeaseId[]? held = null, string name = "engine") =>
        dispatcher.Tell(
            new Demand
            {
                Worker = name,
                Epoch = Epoch,
                Sequence = ++_sequence,
                Free = free,
                Held = [.. held ?? []],
            },
            worker
        );

    protected void Tick(IActorRef dispatcher, TimeSpan after)
    {
        Time.Advance(after);
        dispatcher.Tell(DispatcherActor.Tick.Instance);
    }

    /// <summary>Reports rollouts of a lease as arrived.</summary>
    protected static void Arrive(IActorRef dispatcher, LeaseId lease, params int[] siblings)
    {
        foreach (int sibling in siblings)
        {
            dispatcher.Tell(new RolloutArrived(lease, new RolloutId(lease.Group, lease.Origin, sibling)));
        }
    }
}
