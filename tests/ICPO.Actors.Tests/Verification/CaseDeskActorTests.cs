using Akka.Actor;
using Akka.TestKit;
using ICPO.Actors.Contracts.Identity;
using ICPO.Actors.Contracts.Rollouts;
using ICPO.Actors.Contracts.Verification;
using ICPO.Actors.Tests.Fakes;
using ICPO.Actors.Verification;

namespace ICPO.Actors.Tests.Verification;

public sealed class CaseDeskActorTests : ActorTest
{
    private static readonly LearnerEpoch Epoch = new(1);
    private static readonly CaseDeskSettings Settings = new()
    {
        Epoch = Epoch,
        Timeout = TimeSpan.FromSeconds(5),
        TickInterval = TimeSpan.FromHours(1),
    };
    private readonly ManualTime _time = new();
    private readonly IActorRef _desk;
    private long _sequence;

    public CaseDeskActorTests() => _desk = Sys.ActorOf(CaseDeskActor.Props(Settings, _time));

    [Fact]
    public void A_case_goes_to_a_verifier_that_asks_and_its_verdict_comes_back_once()
    {
        TestProbe verifier = CreateTestProbe();
        Judge(0);
        Judge(0);
        Ask(verifier, 1);
        VerifyCase one = verifier.ExpectMsg<VerifyCase>();
        Assert.Equal((Id(0), Epoch, "0?"), (one.Id.Rollout, one.Epoch, one.Question.Text));
        for (int again = 0; again < 2; again++)
        {
            _desk.Tell(new CaseJudged(one.Id, Epoch, Judgment.Correct("1")), verifier);
            Assert.Equal(one.Id, verifier.ExpectMsg<CaseAck>().Id);
        }

        Assert.Equal(
            (Id(0), Judgment.Correct("1")),
            ExpectMsg<CaseDeskActor.Verdict>() is var verdict ? (verdict.Rollout, verdict.Judgment) : default
        );
        _desk.Tell(CaseDeskActor.ReportIdle.Instance, TestActor);
        ExpectMsg<CaseDeskActor.Idle>();
    }

    [Fact]
    public void No_more_cases_are_given_than_a_verifier_can_begin()
    {
        TestProbe verifier = CreateTestProbe();
        for (int sibling = 0; sibling < 5; sibling++)
        {
            Judge(sibling);
        }

        Ask(verifier, 2);
        CaseId[] held = [verifier.ExpectMsg<VerifyCase>().Id, verifier.ExpectMsg<VerifyCase>().Id];
        Ask(verifier, 0, held);
        _desk.Tell(new Identify("no third"), verifier);
        verifier.ExpectMsg<ActorIdentity>();
    }

    [Fact]
    public void The_cases_of_a_verifier_that_ends_or_falls_silent_go_to_another_one_and_each_has_a_verdict_in_the_end()
    {
        (TestProbe first, TestProbe second) = (CreateTestProbe(), CreateTestProbe());
        Judge(0);
        Ask(first, 1);
        Assert.Equal(0, first.ExpectMsg<VerifyCase>().Id.Attempt);
        Ask(second, 1);
        Sys.Stop(first);
        Assert.Equal(1, second.ExpectMsg<VerifyCase>().Id.Attempt);
        Expire();
        second.ExpectMsg<CaseAck>();
        TestProbe third = CreateTestProbe();
        Ask(third, 1);
        Assert.Equal(2, third.ExpectMsg<VerifyCase>().Id.Attempt);
        Expire();
        CaseDeskActor.Verdict verdict = ExpectMsg<CaseDeskActor.Verdict>();
        Assert.Equal((Id(0), Verdict.Crashed, null), (verdict.Rollout, verdict.Judgment.Verdict, verdict.Judgment.Reward));
    }

    private void Expire()
    {
        _time.Advance(Settings.Timeout + Settings.Margin);
        _desk.Tell(CaseDeskActor.Tick.Instance);
    }

    private static RolloutId Id(int sibling) => new(new GroupId(0), Origin.Policy, sibling);

    private void Judge(int sibling) =>
        _desk.Tell(new CaseDeskActor.Judge(Id(sibling), Make.Spec(0).Question, "text", FinishReason.Stop), TestActor);

    private void Ask(TestProbe verifier, int free, CaseId[]? held = null) =>
        _desk.Tell(
            new CaseDemand
            {
                Worker = "verifier",
                Epoch = Epoch,
                Sequence = ++_sequence,
                Free = free,
                Held = [.. held ?? []],
            },
            verifier
        );
}
