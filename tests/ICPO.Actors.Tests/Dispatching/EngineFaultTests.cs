using Akka.Actor;
using Akka.TestKit;
using ICPO.Actors.Algorithm.Admission;
using ICPO.Actors.Contracts.Buffering;
using ICPO.Actors.Contracts.Dispatching;
using ICPO.Actors.Contracts.Identity;
using ICPO.Actors.Contracts.Nodes;
using ICPO.Actors.Dispatching;
using ICPO.Actors.Planning;
using ICPO.Actors.RunEvents;

namespace ICPO.Actors.Tests.Dispatching;

/// <summary>Engines that hang, are missing or fail.</summary>
public sealed class EngineFaultTests : DispatcherTest
{
    [Fact]
    public void An_engine_that_hangs_ends_in_an_error_that_names_it()
    {
        AdmissionSettings admission = One();
        TestProbe parent = CreateTestProbe();
        IActorRef dispatcher = Opened(admission, parent: parent);
        TestProbe hung = CreateTestProbe();
        LeaseId lease = Lease(dispatcher, hung, 2, name: "the hung engine");
        Tick(dispatcher, admission.LeaseTimeout);
        Assert.Equal(lease, hung.ExpectMsg<CancelLease>().Lease);
        Tick(dispatcher, admission.StallTimeout);
        Assert.Contains("the hung engine", parent.ExpectMsg<TimeoutException>().Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_run_without_any_engine_ends_in_an_error_and_one_that_waits_for_its_learner_or_its_journal_does_not()
    {
        AdmissionSettings admission = new() { MaxStaleness = 0 };
        TestProbe parent = CreateTestProbe();
        IActorRef dispatcher = Start(admission, parent: parent);
        dispatcher.Tell(new DispatcherActor.Open(PolicyVersion.Base, GroupsPerUpdate, [], new GroupId(GroupsPerUpdate)));
        TimeSpan limit = admission.LeaseTimeout + admission.StallTimeout;
        Tick(dispatcher, limit);
        dispatcher.Tell(new UpdateCommitted(new PolicyVersion(1), Epoch, ""));
        dispatcher.Tell(new JournalAway(true, "away"));
        SentSoFar<RolloutLease>(dispatcher);
        Tick(dispatcher, limit);
        SentSoFar<RolloutLease>(dispatcher);
        dispatcher.Tell(new JournalAway(false, "back"));
        SentSoFar<RolloutLease>(dispatcher);
        Tick(dispatcher, limit);
        parent.ExpectMsg<TimeoutException>();
    }

    [Fact]
    public void A_broken_engine_takes_no_group_from_one_that_works()
    {
        TestProbe filter = CreateTestProbe();
        IActorRef dispatcher = Opened(new AdmissionSettings { MaxRunningGroups = 3 }, filter);
        (TestProbe broken, TestProbe healthy) = (CreateTestProbe(), CreateTestProbe());
        Ask(dispatcher, broken, 8);
        for (int group = 0; group < 3; group++)
        {
            filter.ExpectMsg<OpenGroup>();
            dispatcher.Tell(new LeaseFailed(broken.ExpectMsg<RolloutLease>().Id, Epoch, "out of order", EngineFault: true), broken);
            Ask(dispatcher, healthy, 8);
        }

        Assert.Equal([0, 1, 2], Enumerable.Range(0, 3).Select(_ => healthy.ExpectMsg<RolloutLease>().Id.Group.Value).Order());
        for (int round = 0; round < 20; round++)
        {
            Ask(dispatcher, broken, 8);
            Tick(dispatcher, TimeSpan.FromSeconds(1));
        }

        dispatcher.Tell(new Identify("nothing failed"), filter);
        filter.ExpectMsg<ActorIdentity>();
    }

    [Fact]
    public void Engines_that_all_fail_again_and_again_end_the_run_with_their_reason()
    {
        TestProbe parent = CreateTestProbe();
        IActorRef dispatcher = Opened(new AdmissionSettings { LeaseAttempts = 1000 }, parent: parent);
        TestProbe broken = CreateTestProbe();
        for (int fault = 0; fault < 5; fault++)
        {
            Ask(dispatcher, broken, 1);
            dispatcher.Tell(new LeaseFailed(broken.ExpectMsg<RolloutLease>().Id, Epoch, "The device is gone.", EngineFault: true), broken);
            SentSoFar<RolloutLease>(dispatcher);
            Tick(dispatcher, TimeSpan.FromMinutes(1));
        }

        Assert.Contains("The device is gone.", parent.ExpectMsg<InvalidOperationException>().Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Engines_that_have_worked_may_be_out_of_order_for_a_time_and_no_lease_is_given_up_meanwhile()
    {
        (TestProbe parent, TestProbe filter, TestProbe broken) = (CreateTestProbe(), CreateTestProbe(), CreateTestProbe());
        AdmissionSettings admission = One() with { StallTimeout = TimeSpan.FromDays(1) };
        IActorRef dispatcher = Opened(admission, filter, parent);
        Arrive(dispatcher, Lease(dispatcher, broken, 2), 0);
        filter.ExpectMsg<OpenGroup>();
        for (long fault = 1; fault <= 10; fault++)
        {
            dispatcher.Tell(
                new WorkerFault
                {
                    Worker = "engine",
                    Role = NodeRole.Rollout,
                    Epoch = Epoch,
                    Number = fault,
                    Reason = $"fault {fault}",
                    Pause = TimeSpan.FromMinutes(1),
                }
            );
            Sys.Stop(broken);
            broken = CreateTestProbe();
            Ask(dispatcher, broken, 2);
            Assert.Equal(1, broken.ExpectMsg<RolloutLease>().Siblings.Single());
        }

        Tick(dispatcher, admission.FaultTimeout - TimeSpan.FromTicks(1));
        dispatcher.Tell(new Identify("nothing failed"), filter);
        filter.ExpectMsg<ActorIdentity>();
        Tick(dispatcher, TimeSpan.FromTicks(1));
        Assert.Contains("fault 10", parent.ExpectMsg<InvalidOperationException>().Message, StringComparison.Ordinal);
    }
}
