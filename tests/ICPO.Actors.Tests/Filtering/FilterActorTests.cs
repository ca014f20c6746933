using Akka.Actor;
using Akka.TestKit;
using ICPO.Actors.Algorithm.Buffering;
using ICPO.Actors.Algorithm.ExpertMixing;
using ICPO.Actors.Algorithm.GroupFiltering;
using ICPO.Actors.Contracts.Buffering;
using ICPO.Actors.Contracts.Dispatching;
using ICPO.Actors.Contracts.Groups;
using ICPO.Actors.Contracts.Identity;
using ICPO.Actors.Contracts.Rollouts;
using ICPO.Actors.Filtering;
using ICPO.Actors.Planning;
using ICPO.Actors.RunEvents;
using ICPO.Actors.Tests.Fakes;
using ICPO.Actors.Verification;

namespace ICPO.Actors.Tests.Filtering;

public sealed class FilterActorTests : ActorTest
{
    private static readonly LearnerEpoch Epoch = new(1);
    private readonly RunEventBus _events = new();
    private readonly TestProbe _buffer;
    private readonly TestProbe _cases;
    private readonly TestProbe _dispatcher;
    private readonly IActorRef _filter;

    public FilterActorTests()
    {
        (_buffer, _cases, _dispatcher) = (CreateTestProbe(), CreateTestProbe(), CreateTestProbe());
        _filter = Start(RolloutKeeping.None);
        _events.Subscribe(TestActor, typeof(RolloutDropped));
    }

    [Fact]
    public void A_rollout_is_acknowledged_when_it_arrives_and_its_lease_hears_of_it()
    {
        GroupSpec spec = Make.Spec(3);
        _filter.Tell(new OpenGroup(Plans.Of(spec), []));
        var id = new RolloutId(spec.Id, Origin.Policy, 1);
        Deliver(spec, 1, attempt: 2);
        Assert.Equal(new RolloutAck(Plans.LeaseOf(id, 2), id), ExpectMsg<RolloutAck>());
        Assert.Equal(new RolloutArrived(Plans.LeaseOf(id, 2), id), _dispatcher.ExpectMsg<RolloutArrived>());
        Assert.Equal((id, spec.Question), _cases.ExpectMsg<CaseDeskActor.Judge>() is var asked ? (asked.Rollout, asked.Question) : default);
        _filter.Tell(new CaseDeskActor.Verdict(id, Judgment.Correct()));
        Assert.Equal(id, _dispatcher.ExpectMsg<RolloutVerified>().Rollout);
    }

    [Fact]
    public void A_group_is_offered_when_its_last_rollout_is_in()
    {
        GroupSpec spec = Make.Spec(3);
        _filter.Tell(new OpenGroup(Plans.Of(spec), []));
        Judge(spec, 1);
        _filter.Tell(new Identify("nothing before"), _buffer);
        _buffer.ExpectMsg<ActorIdentity>();
        Judge(spec, 0);
        Assert.Equal([0, 1], _buffer.ExpectMsg<AdmitGroup>().Group.Members.Select(member => member.Rollout.Id.Sibling));
    }

    [Fact]
    public void A_message_that_is_repeated_is_acknowledged_again_and_counts_once()
    {
        _events.Subscribe(TestActor, typeof(RolloutGenerated));
        GroupSpec spec = Make.Spec(3);
        _filter.Tell(new OpenGroup(Plans.Of(spec), []));
        Deliver(spec, 0);
        ExpectMsg<RolloutAck>();
        ExpectMsg<RolloutGenerated>();
        for (int again = 0; again < 3; again++)
        {
            Deliver(spec, 0);
            ExpectMsg<RolloutAck>();
        }

        Judge(spec, 1);
        ExpectMsg<RolloutAck>();
        ExpectMsg<RolloutGenerated>();
        _filter.Tell(new CaseDeskActor.Verdict(new RolloutId(spec.Id, Origin.Policy, 0), Judgment.Correct()));
        _buffer.ExpectMsg<AdmitGroup>();
        Deliver(spec, 0);
        ExpectMsg<RolloutAck>();
        _filter.Tell(new OpenGroup(Plans.Of(spec), []));
        _filter.Tell(new Identify("decided once"), _buffer);
        _buffer.ExpectMsg<ActorIdentity>();
        _filter.Tell(new Identify("nothing more"), TestActor);
        ExpectMsg<ActorIdentity>();
    }

    [Fact]
    public void A_rollout_of_another_attempt_is_superseded_before_and_after_the_decision()
    {
        GroupSpec spec = Make.Spec(3);
        _filter.Tell(new OpenGroup(Plans.Of(spec), []));
        Judge(spec, 0);
        ExpectMsg<RolloutAck>();
        Deliver(spec, 0, attempt: 1);
        ExpectMsg<RolloutAck>();
        Assert.Equal(
            new DroppedRollout(new RolloutId(spec.Id, Origin.Policy, 0), 3, DropReason.Superseded),
            ExpectMsg<RolloutDropped>().Rollout
        );
        Judge(spec, 1);
        ExpectMsg<RolloutAck>();
        _buffer.ExpectMsg<AdmitGroup>();
        Deliver(spec, 1, attempt: 1);
        ExpectMsg<RolloutAck>();
        Assert.Equal(new RolloutId(spec.Id, Origin.Policy, 1), ExpectMsg<RolloutDropped>().Rollout.Id);
    }

    [Fact]
    public void A_rollout_that_has_arrived_is_not_failed_by_a_lease_that_was_given_up()
    {
        GroupSpec spec = Make.Spec(3);
        _filter.Tell(new OpenGroup(Plans.Of(spec), []));
        Deliver(spec, 0);
        ExpectMsg<RolloutAck>();
        _filter.Tell(new RolloutFailed(new RolloutId(spec.Id, Origin.Policy, 0), "overtakes its verdict"));
        Judge(spec, 1);
        ExpectMsg<RolloutAck>();
        _filter.Tell(new CaseDeskActor.Verdict(new RolloutId(spec.Id, Origin.Policy, 0), Judgment.Correct()));
        Assert.Equal(2, _buffer.ExpectMsg<AdmitGroup>().Group.Members.Length);
    }

    [Fact]
    public void A_group_whose_rollouts_all_fail_is_turned_down_and_each_is_told_as_lost()
    {
        GroupSpec spec = Make.Spec(3);
        _filter.Tell(new OpenGroup(Plans.Of(spec), []));
        for (int sibling = 0; sibling < 2; sibling++)
        {
            _filter.Tell(new RolloutFailed(new RolloutId(spec.Id, Origin.Policy, sibling), "gone"));
            Assert.Equal(
                new DroppedRollout(new RolloutId(spec.Id, Origin.Policy, sibling), 0, DropReason.GenerationFailed),
                ExpectMsg<RolloutDropped>().Rollout
            );
        }

        RejectGroup rejected = _buffer.ExpectMsg<RejectGroup>();
        Assert.Equal(GroupRejection.GenerationFailed, rejected.Reason);
        Assert.All(rejected.Dropped, rollout => Assert.Equal(DropReason.GenerationFailed, rollout.Reason));
    }

    [Theory]
    [InlineData(7, 7UL, 3)]
    [InlineData(-1, 0UL, 3)]
    [InlineData(0, 9UL, 3)]
    [InlineData(0, 0UL, 2)]
    public void A_rollout_that_nobody_asked_for_is_a_fault_of_its_worker_and_ends_nothing(int sibling, ulong seed, int logProbs)
    {
        GroupSpec spec = Make.Spec(3);
        _filter.Tell(new OpenGroup(Plans.Of(spec), []));
        Rollout rollout = Make.Rollout(spec, Origin.Policy, 0) with
        {
            Id = new RolloutId(spec.Id, Origin.Policy, sibling),
            Seed = seed,
            LogProbs = [.. new float[logProbs]],
        };
        LeaseId lease = Plans.LeaseOf(rollout.Id);
        _filter.Tell(new RolloutDelivered(lease, Epoch, rollout), TestActor);
        ExpectMsg<RolloutAck>();
        Assert.True(_dispatcher.ExpectMsg<LeaseFailed>() is { EngineFault: true } failed && failed.Lease == lease);
        Judge(spec, 0);
        Judge(spec, 1);
        _buffer.ExpectMsg<AdmitGroup>();
    }

    [Fact]
    public void A_rollout_of_a_group_that_is_not_open_yet_is_not_acknowledged_so_its_worker_repeats_it()
    {
        GroupSpec spec = Make.Spec(3);
        Deliver(spec, 0);
        _filter.Tell(new OpenGroup(Plans.Of(spec), []));
        Deliver(spec, 0);
        Assert.Equal(0, ExpectMsg<RolloutAck>().Rollout.Sibling);
        _filter.Tell(new Identify("only one"), TestActor);
        ExpectMsg<ActorIdentity>();
    }

    [Fact]
    public void A_filter_that_is_closed_takes_verdicts_but_no_more_rollouts()
    {
        GroupSpec spec = Make.Spec(3);
        _filter.Tell(new OpenGroup(Plans.Of(spec), []));
        Deliver(spec, 0);
        Deliver(spec, 1);
        _filter.Tell(FilterActor.Close.Instance, _buffer);
        _buffer.ExpectMsg<FilterActor.Closed>();
        GroupSpec late = Make.Spec(4, policy: 1);
        _filter.Tell(new OpenGroup(Plans.Of(late), []));
        Judge(late, 0);
        Judge(spec, 0);
        Judge(spec, 1);
        Assert.Equal(spec.Id, _buffer.ExpectMsg<AdmitGroup>().Group.Id);
        _filter.Tell(new Identify("no other group"), _buffer);
        _buffer.ExpectMsg<ActorIdentity>();
    }

    [Fact]
    public void Groups_that_were_decided_before_a_restart_are_known_without_being_listed()
    {
        var decided = new DecidedGroups(1000);
        IActorRef filter = Start(RolloutKeeping.None, decided);
        for (int id = 1000; id < 1200; id++)
        {
            GroupSpec spec = Make.Spec(id, policy: 1);
            filter.Tell(new OpenGroup(Plans.Of(spec), []));
            filter.Tell(new RolloutFailed(new RolloutId(spec.Id, Origin.Policy, 0), "gone"));
            ExpectMsg<RolloutDropped>();
        }

        filter.Tell(new RolloutDelivered(default, Epoch, Make.Rollout(Make.Spec(999), Origin.Policy, 0)), TestActor);
        ExpectMsg<RolloutAck>();
        Assert.Equal((1200L, 0), (decided.Watermark, decided.Above.Count));
    }

    [Theory]
    [InlineData(RolloutKeeping.None, "")]
    [InlineData(RolloutKeeping.Each, "p0 p1 e0")]
    [InlineData(RolloutKeeping.WholeRequests, "p0 p1 e0")]
    public void What_is_there_of_an_undecided_group_is_given_to_be_kept(RolloutKeeping keeping, string expected)
    {
        IActorRef filter = Start(keeping);
        GroupSpec spec = Make.Spec(3, expert: 2, dispatchedAt: 4);
        filter.Tell(new OpenGroup(Plans.Of(spec), []));
        Judge(spec, 0, to: filter);
        Assert.Equal(keeping == RolloutKeeping.Each ? "p0" : "", Kept(filter));
        Judge(spec, 1, to: filter);
        Judge(spec, 0, Origin.Expert, filter);
        Assert.Equal(keeping == RolloutKeeping.Each ? "p1 e0" : expected, Kept(filter));
        Judge(spec, 1, Origin.Expert, filter);
        _buffer.ExpectMsg<AdmitGroup>();
    }

    [Fact]
    public void What_was_kept_completes_its_group_and_is_not_kept_again()
    {
        IActorRef filter = Start(RolloutKeeping.Each);
        GroupSpec spec = Make.Spec(3);
        filter.Tell(new OpenGroup(Plans.Of(spec), [Make.Judged(spec, Origin.Policy, 1, 1)]));
        Judge(spec, 0, to: filter);
        Assert.Equal([0, 1], _buffer.ExpectMsg<AdmitGroup>().Group.Members.Select(member => member.Rollout.Id.Sibling));
    }

    [Fact]
    public void Traces_are_correct_and_need_no_verifier()
    {
        GroupSpec spec = Make.Spec(3, policy: 0, expert: 2);
        Rollout[] traces = [Make.Rollout(spec, Origin.Expert, 0), Make.Rollout(spec, Origin.Expert, 1)];
        _filter.Tell(new OpenGroup(new GroupPlan(spec, [], [.. traces]), []));
        object decided = _buffer.ReceiveOne(TimeSpan.FromSeconds(60));
        Assert.True(decided is AdmitGroup or RejectGroup { Reason: GroupRejection.NoSignal }, $"{decided}");
    }

    private IActorRef Start(RolloutKeeping keeping, DecidedGroups? decided = null)
    {
        var parts = new FilterParts
        {
            Expert = new ExpertSettings(),
            Group = new GroupSettings(),
            Seed = 1,
            Buffer = _buffer,
            Cases = _cases,
            Events = _events,
            Keeping = keeping,
            Decided = decided ?? new DecidedGroups(),
        };
        IActorRef filter = Sys.ActorOf(FilterActor.Props(parts));
        filter.Tell(new FilterActor.AttachDispatcher(_dispatcher));
        return filter;
    }

    private string Kept(IActorRef filter)
    {
        filter.Tell(new Identify("all before"), _buffer);
        List<string> kept = [];
        while (_buffer.ReceiveOne(TimeSpan.FromSeconds(30)) is StoreRollout keep)
        {
            Assert.Equal(4, keep.DispatchedAt.Value);
            kept.Add($"{(keep.Rollout.Rollout.Origin == Origin.Policy ? "p" : "e")}{keep.Rollout.Rollout.Id.Sibling}");
        }

        return string.Join(' ', kept);
    }

    private void Deliver(GroupSpec spec, int sibling, Origin origin = Origin.Policy, int attempt = 0, IActorRef? to = null)
    {
        Rollout one = Make.Rollout(spec, origin, sibling);
        (to ?? _filter).Tell(new RolloutDelivered(Plans.LeaseOf(one.Id, attempt), Epoch, one), TestActor);
    }

    private void Judge(GroupSpec spec, int sibling, Origin origin = Origin.Policy, IActorRef? to = null)
    {
        Deliver(spec, sibling, origin, to: to);
        var judged = new CaseDeskActor.Verdict(new(spec.Id, origin, sibling), sibling > 0 ? Judgment.Correct() : Judgment.Wrong());
        (to ?? _filter).Tell(judged);
    }
}
