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

namespace ICPO.Actors.Tests.Dispatching;

/// <summary>Which groups are opened, and when.</summary>
public sealed class DispatcherActorTests : DispatcherTest
{
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
    public void It_is_drained_when_no_worker_holds_a_lease()
    {
        IActorRef dispatcher = Opened(new AdmissionSettings { MaxRunningGroups = 1 });
        TestProbe worker = CreateTestProbe();
        LeaseId lease = Lease(dispatcher, worker, 2);
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
                Time
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
}
