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
using ICPO.Actors.Filtering;
using ICPO.Actors.Tests.Fakes;

namespace ICPO.Actors.Tests.Dispatching;

public sealed class DispatcherActorTests : ActorTest
{
    private const int GroupsPerUpdate = 3;
    private readonly ManualTime _time = new();

    [Theory]
    [InlineData(0, 64, 1)]
    [InlineData(1, 64, 2)]
    [InlineData(2, 64, 3)]
    [InlineData(2, 4, 4)]
    public void Groups_in_flight_fill_the_staleness_bound_and_never_pass_it(int staleness, int concurrency, int seed)
    {
        IActorRef dispatcher = Start(new AdmissionSettings { MaxStaleness = staleness, MaxRunningGroups = concurrency });
        dispatcher.Tell(new RequestWork(Origin.Policy, 1_000_000), TestActor);
        dispatcher.Tell(Open());
        var random = new RandomStream((ulong)seed);
        var running = new List<GroupId>();
        (long version, long accepted, long dispatched) = (0, 0, 0);
        for (int step = 0; step < 300; step++)
        {
            foreach (RolloutLease lease in SentSoFar<RolloutLease>(dispatcher))
            {
                Assert.Equal(dispatched++, lease.Group.Id.Value);
                Assert.Equal(version, lease.NotBefore.Value);
                running.Add(lease.Group.Id);
            }

            Assert.Equal(Math.Min(concurrency, ((staleness + version + 1) * GroupsPerUpdate) - accepted), running.Count);
            if (accepted - (version * GroupsPerUpdate) >= GroupsPerUpdate && (running.Count == 0 || random.NextInt(2) == 0))
            {
                dispatcher.Tell(new UpdateCommitted(new PolicyVersion(++version), new LearnerEpoch(1), ""));
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
        dispatcher.Tell(new RequestWork(Origin.Policy, 4), first);
        LeaseId lease = first.ExpectMsg<RolloutLease>().Id;
        dispatcher.Tell(new RequestWork(Origin.Policy, 4), second);
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
        dispatcher.Tell(new RequestWork(Origin.Policy, 2), first);
        LeaseId lease = first.ExpectMsg<RolloutLease>().Id;
        dispatcher.Tell(new RequestWork(Origin.Policy, 4), second);

        _time.Advance(admission.LeaseTimeout - TimeSpan.FromTicks(1));
        dispatcher.Tell(DispatcherActor.Tick.Instance);
        dispatcher.Tell(new Identify("still leased"), second);
        second.ExpectMsg<ActorIdentity>();

        _time.Advance(TimeSpan.FromTicks(1));
        dispatcher.Tell(DispatcherActor.Tick.Instance);
        Assert.Equal(lease with { Attempt = 1 }, second.ExpectMsg<RolloutLease>().Id);
        dispatcher.Tell(new LeaseFailed(lease, "too late"), first);
        dispatcher.Tell(new Identify("no third one"), second);
        second.ExpectMsg<ActorIdentity>();
    }

    [Fact]
    public void A_lease_that_fails_too_often_fails_each_of_its_rollouts()
    {
        TestProbe filter = CreateTestProbe();
        IActorRef dispatcher = Start(One() with { LeaseAttempts = 2 }, filter);
        dispatcher.Tell(Open());
        dispatcher.Tell(new RequestWork(Origin.Policy, 4), TestActor);
        dispatcher.Tell(new LeaseFailed(ExpectMsg<RolloutLease>().Id, "first"), TestActor);
        dispatcher.Tell(new LeaseFailed(ExpectMsg<RolloutLease>().Id, "second"), TestActor);
        for (int sibling = 0; sibling < 2; sibling++)
        {
            RolloutFailed failed = filter.ExpectMsg<RolloutFailed>();
            Assert.Equal((new RolloutId(new GroupId(0), Origin.Policy, sibling), "second"), (failed.Rollout, failed.Reason));
        }
    }

    [Fact]
    public void After_a_restart_undecided_groups_come_first_under_their_own_numbers()
    {
        IActorRef dispatcher = Start(new AdmissionSettings { MaxStaleness = 0 });
        dispatcher.Tell(new RequestWork(Origin.Policy, 1000), TestActor);
        dispatcher.Tell(new DispatcherActor.Open(new PolicyVersion(5), Buffered: 1, [new GroupId(14)], new GroupId(17)));
        Assert.Equal(
            [(14, 5), (17, 5)],
            SentSoFar<RolloutLease>(dispatcher).Select(lease => (lease.Group.Id.Value, lease.NotBefore.Value))
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
            DispatcherActor.Props(planner, group, new AdmissionSettings { MaxStaleness = 0 }, filter, _time)
        );
        GroupPlan whole = planner.Plan(new GroupId(14), new PolicyVersion(4));
        dispatcher.Tell(new RequestWork(Origin.Policy, 1000), TestActor);
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
            leases.Select(lease => (lease.Group.Id.Value, lease.FirstSibling, lease.Seeds.Length))
        );
        Assert.Equal(
            [whole.Leases[0].Seeds[0], whole.Leases[0].Seeds[2], whole.Leases[0].Seeds[3]],
            leases.Where(lease => lease.Group.Id.Value == 14).SelectMany(lease => lease.Seeds)
        );
        Assert.All(leases, lease =>
            Assert.Equal((lease.Group.Id.Value == 14 ? 4 : 5, 5L), ((int)lease.Group.DispatchedAt.Value, lease.NotBefore.Value))
        );
        Assert.Equal(
            [1, 4],
            Enumerable
                .Range(0, 2)
                .Select(_ => filter.ExpectMsg<FilterActor.Restore>())
                .Select(restore => restore.Rollout.Rollout.Id.Sibling)
        );
    }

    [Fact]
    public void Nothing_is_leased_before_it_is_opened_or_after_it_is_closed()
    {
        IActorRef dispatcher = Start(new AdmissionSettings { MaxRunningGroups = 1 });
        dispatcher.Tell(new RequestWork(Origin.Policy, 1000), TestActor);
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

    private IActorRef Start(AdmissionSettings admission, IActorRef? filter = null)
    {
        var group = new GroupSettings
        {
            PolicyRollouts = 2,
            ExpertRollouts = 0,
            GroupsPerUpdate = GroupsPerUpdate,
        };
        var planner = new GroupPlanner(new ParityTask(), new LetterTokenizer(), group, new ExpertSettings(), 1);
        return Sys.ActorOf(DispatcherActor.Props(planner, group, admission, filter ?? CreateTestProbe(), _time));
    }
}
