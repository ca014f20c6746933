using Akka.Actor;
using Akka.TestKit;
using ICPO.Actors.Algorithm.ExpertMixing;
using ICPO.Actors.Algorithm.GroupFiltering;
using ICPO.Actors.Contracts.Buffering;
using ICPO.Actors.Contracts.Dispatching;
using ICPO.Actors.Contracts.Groups;
using ICPO.Actors.Contracts.Identity;
using ICPO.Actors.Filtering;
using ICPO.Actors.RunEvents;
using ICPO.Actors.Tests.Fakes;

namespace ICPO.Actors.Tests.Filtering;

public sealed class FilterActorTests : ActorTest
{
    private readonly TestProbe _buffer;
    private readonly IActorRef _filter;

    public FilterActorTests()
    {
        _buffer = CreateTestProbe();
        _filter = Sys.ActorOf(FilterActor.Props(new ExpertSettings(), new GroupSettings(), 1, _buffer));
        Sys.EventStream.Subscribe(TestActor, typeof(RolloutDropped));
    }

    [Fact]
    public void A_group_is_offered_when_its_last_rollout_is_in()
    {
        GroupSpec spec = Make.Spec(3);
        Judge(spec, 1);
        _filter.Tell(new Identify("nothing before"), _buffer);
        _buffer.ExpectMsg<ActorIdentity>();
        Judge(spec, 0);
        Assert.Equal([0, 1], _buffer.ExpectMsg<AdmitGroup>().Group.Members.Select(member => member.Rollout.Id.Sibling));
    }

    [Fact]
    public void A_rollout_that_comes_twice_or_after_the_decision_is_superseded_and_the_group_is_decided_once()
    {
        GroupSpec spec = Make.Spec(3);
        Judge(spec, 0);
        Judge(spec, 0);
        Assert.Equal(
            new DroppedRollout(new RolloutId(spec.Id, Origin.Policy, 0), 3, DropReason.Superseded),
            ExpectMsg<RolloutDropped>().Rollout
        );
        Judge(spec, 1);
        _buffer.ExpectMsg<AdmitGroup>();
        Judge(spec, 1);
        Assert.Equal(new RolloutId(spec.Id, Origin.Policy, 1), ExpectMsg<RolloutDropped>().Rollout.Id);
        _filter.Tell(new RolloutFailed(spec, new RolloutId(spec.Id, Origin.Policy, 0), "late"));
        _filter.Tell(new Identify("decided once"), _buffer);
        _buffer.ExpectMsg<ActorIdentity>();
    }

    [Fact]
    public void A_group_whose_rollouts_all_fail_is_turned_down_and_each_is_told_as_lost()
    {
        GroupSpec spec = Make.Spec(3);
        for (int sibling = 0; sibling < 2; sibling++)
        {
            _filter.Tell(new RolloutFailed(spec, new RolloutId(spec.Id, Origin.Policy, sibling), "gone"));
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
    [InlineData(RolloutKeeping.None, "")]
    [InlineData(RolloutKeeping.Each, "p0 p1 e0")]
    [InlineData(RolloutKeeping.WholeRequests, "p0 p1 e0")]
    public void What_is_there_of_an_undecided_group_is_given_to_be_kept(RolloutKeeping keeping, string expected)
    {
        IActorRef filter = Sys.ActorOf(FilterActor.Props(new ExpertSettings(), new GroupSettings(), 1, _buffer, keeping));
        GroupSpec spec = Make.Spec(3, expert: 2, dispatchedAt: 4);
        filter.Tell(new RolloutJudged(spec, Make.Judged(spec, Origin.Policy, 0, 1)));
        Assert.Equal(keeping == RolloutKeeping.Each ? "p0" : "", Kept(filter));
        filter.Tell(new RolloutJudged(spec, Make.Judged(spec, Origin.Policy, 1, 0)));
        filter.Tell(new RolloutJudged(spec, Make.Judged(spec, Origin.Expert, 0, 1)));
        Assert.Equal(keeping == RolloutKeeping.Each ? "p1 e0" : expected, Kept(filter));
        filter.Tell(new RolloutJudged(spec, Make.Judged(spec, Origin.Expert, 1, 1)));
        _buffer.ExpectMsg<AdmitGroup>();
    }

    [Fact]
    public void What_was_kept_completes_its_group_and_is_not_kept_again()
    {
        IActorRef filter = Sys.ActorOf(FilterActor.Props(new ExpertSettings(), new GroupSettings(), 1, _buffer, RolloutKeeping.Each));
        GroupSpec spec = Make.Spec(3);
        filter.Tell(new FilterActor.Restore(spec, Make.Judged(spec, Origin.Policy, 1, 1)));
        filter.Tell(new RolloutJudged(spec, Make.Judged(spec, Origin.Policy, 0, 0)));
        Assert.Equal([0, 1], _buffer.ExpectMsg<AdmitGroup>().Group.Members.Select(member => member.Rollout.Id.Sibling));
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

    private void Judge(GroupSpec spec, int sibling) =>
        _filter.Tell(new RolloutJudged(spec, Make.Judged(spec, Origin.Policy, sibling, sibling)));
}
