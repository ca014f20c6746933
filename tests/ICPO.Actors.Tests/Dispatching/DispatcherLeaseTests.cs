using Akka.Actor;
using Akka.TestKit;
using ICPO.Actors.Algorithm.Admission;
using ICPO.Actors.Contracts.Buffering;
using ICPO.Actors.Contracts.Dispatching;
using ICPO.Actors.Contracts.Identity;
using ICPO.Actors.Dispatching;
using ICPO.Actors.Planning;
using ICPO.Actors.RunEvents;

namespace ICPO.Actors.Tests.Dispatching;

/// <summary>Leases of workers that end, fall silent, fail or lose rollouts.</summary>
public sealed class DispatcherLeaseTests : DispatcherTest
{
    [Fact]
    public void The_lease_of_a_worker_that_dies_goes_to_another()
    {
        IActorRef dispatcher = Opened(One());
        (TestProbe first, TestProbe second) = (CreateTestProbe(), CreateTestProbe());
        LeaseId lease = Lease(dispatcher, first, 4);
        Ask(dispatcher, second, 4);
        Sys.Stop(first);
        Assert.Equal(lease with { Attempt = 1 }, second.ExpectMsg<RolloutLease>().Id);
    }

    [Fact]
    public void Rollouts_that_are_leased_once_more_are_counted_and_those_that_have_arrived_are_not()
    {
        Events.Subscribe(TestActor, typeof(RolloutsLeasedAgain));
        IActorRef dispatcher = Opened(One());
        (TestProbe first, TestProbe second) = (CreateTestProbe(), CreateTestProbe());
        LeaseId lease = Lease(dispatcher, first, 4);
        Ask(dispatcher, second, 4);
        Arrive(dispatcher, lease, 1);
        Sys.Stop(first);
        second.ExpectMsg<RolloutLease>();
        Assert.Equal(1, ExpectMsg<RolloutsLeasedAgain>().Rollouts);
    }

    [Fact]
    public void Rollouts_of_groups_that_an_earlier_core_had_dispatched_count_as_leased_once_more()
    {
        Events.Subscribe(TestActor, typeof(RolloutsLeasedAgain));
        IActorRef dispatcher = Start(new AdmissionSettings { MaxRunningGroups = 3 });
        TestProbe worker = CreateTestProbe();
        Ask(dispatcher, worker, 100);
        dispatcher.Tell(new DispatcherActor.Open(PolicyVersion.Base, 0, [new GroupId(0), new GroupId(2)], new GroupId(3)));
        Assert.Equal([0L, 2, 3], worker.ReceiveN(3).Cast<RolloutLease>().Select(lease => lease.Id.Group.Value));
        Assert.Equal([2, 2], ReceiveN(2).Cast<RolloutsLeasedAgain>().Select(again => again.Rollouts));
        dispatcher.Tell(new Identify("no more"), TestActor);
        ExpectMsg<ActorIdentity>();
    }

    [Fact]
    public void A_lease_that_is_overdue_goes_to_another_worker_and_what_the_first_one_says_then_does_not_matter()
    {
        AdmissionSettings admission = One();
        IActorRef dispatcher = Opened(admission);
        (TestProbe first, TestProbe second) = (CreateTestProbe(), CreateTestProbe());
        LeaseId lease = Lease(dispatcher, first, 2);
        Ask(dispatcher, second, 4);

        Tick(dispatcher, admission.LeaseTimeout - TimeSpan.FromTicks(1));
        dispatcher.Tell(new Identify("still leased"), second);
        second.ExpectMsg<ActorIdentity>();

        Tick(dispatcher, TimeSpan.FromTicks(1));
        Assert.Equal(lease, first.ExpectMsg<CancelLease>().Lease);
        Assert.Equal(lease with { Attempt = 1 }, second.ExpectMsg<RolloutLease>().Id);
        dispatcher.Tell(new LeaseFailed(lease, Epoch, "too late", EngineFault: false), first);
        dispatcher.Tell(new Identify("no third one"), second);
        second.ExpectMsg<ActorIdentity>();
    }

    [Fact]
    public void A_lease_that_fails_too_often_fails_each_of_its_rollouts()
    {
        TestProbe filter = CreateTestProbe();
        IActorRef dispatcher = Opened(One() with { LeaseAttempts = 2 }, filter);
        Ask(dispatcher, TestActor, 4);
        filter.ExpectMsg<OpenGroup>();
        dispatcher.Tell(new LeaseFailed(ExpectMsg<RolloutLease>().Id, Epoch, "first", EngineFault: false), TestActor);
        dispatcher.Tell(new LeaseFailed(ExpectMsg<RolloutLease>().Id, Epoch, "second", EngineFault: false), TestActor);
        for (int sibling = 0; sibling < 2; sibling++)
        {
            RolloutFailed failed = filter.ExpectMsg<RolloutFailed>();
            Assert.Equal((new RolloutId(new GroupId(0), Origin.Policy, sibling), "second"), (failed.Rollout, failed.Reason));
        }
    }

    [Fact]
    public void A_slow_engine_that_advances_keeps_its_lease_and_what_it_delivers_late_is_not_sampled_again()
    {
        AdmissionSettings admission = One();
        IActorRef dispatcher = Opened(admission);
        (TestProbe slow, TestProbe other) = (CreateTestProbe(), CreateTestProbe());
        LeaseId lease = Lease(dispatcher, slow, 2);
        Ask(dispatcher, other, 0);
        for (long steps = 1; steps < 50; steps++)
        {
            dispatcher.Tell(new LeaseProgress(lease, Epoch, steps), slow);
            SentSoFar<RolloutLease>(dispatcher);
            Tick(dispatcher, admission.LeaseTimeout - TimeSpan.FromTicks(1));
        }

        Tick(dispatcher, admission.LeaseTimeout);
        Assert.Equal(lease, slow.ExpectMsg<CancelLease>().Lease);
        Arrive(dispatcher, lease, 0, 1);
        dispatcher.Tell(new GroupAdmitted(lease.Group));
        Ask(dispatcher, other, 8);
        Assert.Equal(1, other.ExpectMsg<RolloutLease>().Id.Group.Value);
    }

    [Fact]
    public void A_lease_ends_when_its_rollouts_have_arrived_and_one_whose_rollouts_were_lost_goes_back()
    {
        AdmissionSettings admission = One();
        IActorRef dispatcher = Opened(admission);
        (TestProbe first, TestProbe second) = (CreateTestProbe(), CreateTestProbe());
        LeaseId lease = Lease(dispatcher, first, 2);
        Arrive(dispatcher, lease, 1);
        Sys.Stop(first);
        Ask(dispatcher, second, 2);
        RolloutLease again = second.ExpectMsg<RolloutLease>();
        Assert.Equal((lease with { Attempt = 1 }, 0), (again.Id, again.Siblings.Single()));
    }
}
