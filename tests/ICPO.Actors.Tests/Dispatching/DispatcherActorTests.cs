using Akka.Actor;
using Akka.TestKit;
using ICPO.Actors.Algorithm.Admission;
using ICPO.Actors.Algorithm.Buffering;
using ICPO.Actors.Algorithm.ExpertMixing;
using ICPO.Actors.Algorithm.GroupFiltering;
using ICPO.Actors.Contracts.Buffering;
using ICPO.Actors.Contracts.Dispatching;
using ICPO.Actors.Contracts.Groups;
using ICPO.Actors.Contracts.Identity;
using ICPO.Actors.Dispatching;
using ICPO.Actors.Planning;
using ICPO.Actors.RunEvents;
using ICPO.Actors.Tests.Fakes;

namespace ICPO.Actors.Tests.Dispatching;

public sealed class DispatcherActorTests : ActorTest
{
    private const int GroupsPerUpdate = 3;
    private static readonly LearnerEpoch Epoch = new(1);
    private readonly ManualTime _time = new();
    private long _sequence;

    [Theory]
    [InlineData(0, 64, 1)]
    [InlineData(1, 64, 2)]
    [InlineData(2, 64, 3)]
    [InlineData(2, 4, 4)]
    public void Groups_in_flight_fill_the_staleness_bound_and_never_pass_it(int staleness, int concurrency, int seed)
    {
        IActorRef dispatcher = Start(new AdmissionSettings { MaxStaleness = staleness, MaxRunningGroups = concurrency });
        Ask(dispatcher, TestActor, 1_000_000);
        dispatcher.Tell(Open());
        var random = new RandomStream((ulong)seed);
        var running = new List<GroupId>();
        (long version, long accepted, long dispatched) = (0, 0, 0);
        for (int step = 0; step < 300; step++)
        {
            foreach (RolloutLease lease in SentSoFar<RolloutLease>(dispatcher))
            {
                Assert.Equal(dispatched++, lease.Id.Group.Value);
                Assert.Equal(version, lease.NotBefore.Value);
                running.Add(lease.Id.Group);
            }

            Assert.Equal(Math.Min(concurrency, ((staleness + version + 1) * GroupsPerUpdate) - accepted), running.Count);
            if (accepted - (version * GroupsPerUpdate) >= GroupsPerUpdate && (running.Count == 0 || random.NextInt(2) == 0))
            {
                dispatcher.Tell(new UpdateCommitted(new PolicyVersion(++version), Epoch, ""));
                continue;
            }

            GroupId decided = running[random.NextInt(running.Count)];
            running.Remove(decided);
            bool admitted = random.NextInt(4) > 0;
            accepted += admitted ? 1 : 0;
            dispatcher.Tell(admitted ? new GroupAdmitted(decided) : new GroupRejected(decided, GroupRejection.NoSignal));
        }

        Assert.True(version > 20, $"only {version} updates");
    }

    [Fact]
    public void The_lease_of_a_worker_that_dies_goes_to_another()
    {
        IActorRef dispatcher = Start(One());
        (TestProbe first, TestProbe second) = (CreateTestProbe(), CreateTestProbe());
        dispatcher.Tell(Open());
        Ask(dispatcher, first, 4);
        LeaseId lease = first.ExpectMsg<RolloutLease>().Id;
        Ask(dispatcher, second, 4);
        Sys.Stop(first);
        Assert.Equal(lease with { Attempt = 1 }, second.ExpectMsg<RolloutLease>().Id);
    }

    [Fact]
    public void A_lease_that_is_overdue_goes_to_another_worker_and_what_the_first_one_says_then_does_not_matter()
    {
        AdmissionSettings admission = One();
        IActorRef dispatcher = Start(admission);
        (TestProbe first, TestProbe second) = (CreateTestProbe(), CreateTestProbe());
        dispatcher.Tell(Open());
        Ask(dispatcher, first, 2);
        LeaseId lease = first.ExpectMsg<RolloutLease>().Id;
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
        IActorRef dispatcher = Start(One() with { LeaseAttempts = 2 }, filter);
        dispatcher.Tell(Open());
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
    public void An_engine_that_hangs_ends_in_an_error_that_names_it()
    {
        AdmissionSettings admission = One();
        TestProbe parent = CreateTestProbe();
        IActorRef dispatcher = Start(admission, parent: parent);
        TestProbe hung = CreateTestProbe();
        dispatcher.Tell(Open());
        Ask(dispatcher, hung, 2, name: "the hung engine");
        LeaseId lease = hung.ExpectMsg<RolloutLease>().Id;
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
        Sys.EventStream.Publish(new JournalAway(true, "away"));
        SentSoFar<RolloutLease>(dispatcher);
        Tick(dispatcher, limit);
        SentSoFar<RolloutLease>(dispatcher);
        Sys.EventStream.Publish(new JournalAway(false, "back"));
        SentSoFar<RolloutLease>(dispatcher);
        Tick(dispatcher, limit);
        parent.ExpectMsg<TimeoutException>();
    }

    [Fact]
    public void A_slow_engine_that_advances_keeps_its_lease_and_what_it_delivers_late_is_not_sampled_again()
    {
        AdmissionSettings admission = One();
        IActorRef dispatcher = Start(admission);
        (TestProbe slow, TestProbe other) = (CreateTestProbe(), CreateTestProbe());
        dispatcher.Tell(Open());
        Ask(dispatcher, slow, 2);
        LeaseId lease = slow.ExpectMsg<RolloutLease>().Id;
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
    public void A_broken_engine_takes_no_group_from_one_that_works()
    {
        TestProbe filter = CreateTestProbe();
        IActorRef dispatcher = Start(new AdmissionSettings { MaxRunningGroups = 3 }, filter);
        (TestProbe broken, TestProbe healthy) = (CreateTestProbe(), CreateTestProbe());
        dispatcher.Tell(Open());
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
        IActorRef dispatcher = Start(new AdmissionSettings { LeaseAttempts = 1000 }, parent: parent);
        TestProbe broken = CreateTestProbe();
        dispatcher.Tell(Open());
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
    public void A_lease_ends_when_its_rollouts_have_arrived_and_one_whose_rollouts_were_lost_goes_back()
    {
        AdmissionSettings admission = One();
        IActorRef dispatcher = Start(admission);
        (TestProbe first, TestProbe second) = (CreateTestProbe(), CreateTestProbe());
        dispatcher.Tell(Open());
        Ask(dispatcher, first, 2);
        LeaseId lease = first.ExpectMsg<RolloutLease>().Id;
        Arrive(dispatcher, lease, 1);
        Sys.Stop(first);
        Ask(dispatcher, second, 2);
        RolloutLease again = second.ExpectMsg<RolloutLease>();
        Assert.Equal((lease with { Attempt = 1 }, 0), (again.Id, again.Siblings.Single()));
    }

    [Fact]
    public void It_is_drained_when_no_worker_holds_a_lease()
    {
        IActorRef dispatcher = Start(new AdmissionSettings { MaxRunningGroups = 1 });
        TestProbe worker = CreateTestProbe();
        dispatcher.Tell(Open());
        Ask(dispatcher, worker, 2);
        LeaseId lease = worker.ExpectMsg<RolloutLease>().Id;
        dispatcher.Tell(DispatcherActor.Drain.Instance, TestActor);
        Assert.Equal(lease, worker.ExpectMsg<CancelLease>().Lease);
        Ask(dispatcher, worker, 0, held: [lease]);
        worker.ExpectMsg<CancelLease>();
        Assert.Empty(SentSoFar<RolloutLease>(dispatcher));
        Ask(dispatcher, worker, 2);
        ExpectMsg<DispatcherActor.Drained>();
    }

    [Fact]
    public void After_a_restart_undecided_groups_come_first_under_their_own_numbers()
    {
        IActorRef dispatcher = Start(new AdmissionSettings { MaxStaleness = 0 });
        Ask(dispatcher, TestActor, 1000);
        dispatcher.Tell(new DispatcherActor.Open(new PolicyVersion(5), Buffered: 1, [new GroupId(14)], new GroupId(17)));
        Assert.Equal(
            [(14, 5), (17, 5)],
            SentSoFar<RolloutLease>(dispatcher).Select(lease => (lease.Id.Group.Value, lease.NotBefore.Value))
        );
    }

    [Fact]
    public void Only_what_lacks_of_a_group_is_leased_and_the_rest_is_given_back_to_the_filter()
    {
        TestProbe filter = CreateTestProbe();
        var group = new GroupSettings
        {
            PolicyRollouts = 5,
            ExpertRollouts = 0,
            GroupsPerUpdate = GroupsPerUpdate,
        };
        var planner = new GroupPlanner(new ParityTask(), new LetterTokenizer(), group, new ExpertSettings(), 1);
        IActorRef dispatcher = Sys.ActorOf(
            DispatcherActor.Props(
                planner,
                new DispatcherSettings(group, new AdmissionSettings { MaxStaleness = 0 }) { Epoch = Epoch },
                filter,
                _time
            )
        );
        GroupPlan whole = planner.Plan(new GroupId(14), new PolicyVersion(4));
        Ask(dispatcher, TestActor, 1000);
        dispatcher.Tell(
            new DispatcherActor.Open(new PolicyVersion(5), Buffered: 1, [new GroupId(14)], new GroupId(17))
            {
                Kept =
                [
                    new PartialGroup(
                        new GroupId(14),
                        new PolicyVersion(4),
                        [Make.Judged(whole.Spec, Origin.Policy, 1, 1), Make.Judged(whole.Spec, Origin.Policy, 4, 0)]
                    ),
                ],
            }
        );
        RolloutLease[] leases = [.. SentSoFar<RolloutLease>(dispatcher)];
        Assert.Equal(
            [(14L, 0, 1), (14, 2, 2), (17, 0, 5)],
            leases.Select(lease => (lease.Id.Group.Value, lease.Id.FirstSibling, lease.Seeds.Length))
        );
        Assert.Equal(
            [whole.Leases[0].Seeds[0], whole.Leases[0].Seeds[2], whole.Leases[0].Seeds[3]],
            leases.Where(lease => lease.Id.Group.Value == 14).SelectMany(lease => lease.Seeds)
        );
        Assert.All(leases, lease => Assert.Equal(5L, lease.NotBefore.Value));
        OpenGroup restored = filter.ExpectMsg<OpenGroup>();
        Assert.Equal([1, 4], restored.Restored.Select(rollout => rollout.Rollout.Id.Sibling));
        Assert.Equal((4, 5), ((int)restored.Plan.Spec.DispatchedAt.Value, (int)filter.ExpectMsg<OpenGroup>().Plan.Spec.DispatchedAt.Value));
    }

    [Fact]
    public void Nothing_is_leased_before_it_is_opened_or_after_it_is_closed()
    {
        IActorRef dispatcher = Start(new AdmissionSettings { MaxRunningGroups = 1 });
        Ask(dispatcher, TestActor, 1000);
        Assert.Empty(SentSoFar<RolloutLease>(dispatcher));
        dispatcher.Tell(Open());
        Assert.Single(SentSoFar<RolloutLease>(dispatcher));
        dispatcher.Tell(DispatcherActor.Close.Instance);
        dispatcher.Tell(new GroupAdmitted(new GroupId(0)));
        Assert.Empty(SentSoFar<RolloutLease>(dispatcher));
    }

    /// <summary>Room for one group.</summary>
    private static AdmissionSettings One() => new() { MaxRunningGroups = 1 };

    private static DispatcherActor.Open Open() => new(PolicyVersion.Base, 0, [], new GroupId(0));

    private IActorRef Start(AdmissionSettings admission, IActorRef? filter = null, TestProbe? parent = null)
    {
        var group = new GroupSettings
        {
            PolicyRollouts = 2,
            ExpertRollouts = 0,
            GroupsPerUpdate = GroupsPerUpdate,
        };
        var planner = new GroupPlanner(new ParityTask(), new LetterTokenizer(), group, new ExpertSettings(), 1);
        var settings = new DispatcherSettings(group, admission) { Epoch = Epoch, TickInterval = TimeSpan.FromHours(1) };
        Props props = DispatcherActor.Props(planner, settings, filter ?? CreateTestProbe(), _time);
        return parent is null
            ? Sys.ActorOf(props)
            : parent.ChildActorOf(
                props,
                new OneForOneStrategy(error =>
                {
                    parent.Ref.Tell(error);
                    return Directive.Stop;
                })
            );
    }

    private void Ask(IActorRef dispatcher, IActorRef worker, int free, LeaseId[]? held = null, string name = "engine") =>
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

    private void Tick(IActorRef dispatcher, TimeSpan after)
    {
        _time.Advance(after);
        dispatcher.Tell(DispatcherActor.Tick.Instance);
    }

    private static void Arrive(IActorRef dispatcher, LeaseId lease, params int[] siblings)
    {
        foreach (int sibling in siblings)
        {
            dispatcher.Tell(new RolloutArrived(lease, new RolloutId(lease.Group, lease.Origin, sibling)));
        }
    }
}
