using Akka.Actor;
using Akka.TestKit;
using ICPO.Actors.Contracts.Groups;
using ICPO.Actors.Contracts.Identity;
using ICPO.Actors.Contracts.Rollouts;
using ICPO.Actors.Contracts.Tasks;
using ICPO.Actors.Contracts.Verification;
using ICPO.Actors.Leasing;
using ICPO.Actors.Tests.Fakes;
using ICPO.Actors.Verification;

namespace ICPO.Actors.Tests.Verification;

public sealed class VerifierActorTests : ActorTest
{
    private static readonly TimeSpan Far = TimeSpan.FromMinutes(1);
    private static readonly LearnerEpoch Epoch = new(1);
    private readonly TestProbe _core;

    public VerifierActorTests() => _core = CreateTestProbe();

    [Fact]
    public void A_verifier_that_hangs_has_timed_out_which_is_no_reward()
    {
        var never = new TaskCompletionSource<Judgment>();
        Assert.Equal((Verdict.TimedOut, null), Judge(new ScriptedVerifier((_, _) => never.Task), TimeSpan.FromMilliseconds(20)));
    }

    [Fact]
    public void A_verifier_that_blocks_its_thread_has_timed_out_as_well()
    {
        using var release = new ManualResetEventSlim();
        var blocking = new ScriptedVerifier(
            (_, _) =>
            {
                release.Wait(Far, CancellationToken.None);
                return Task.FromResult(Judgment.Correct());
            }
        );
        Assert.Equal((Verdict.TimedOut, null), Judge(blocking, TimeSpan.FromMilliseconds(20)));
        release.Set();
    }

    [Fact]
    public void A_verifier_that_throws_has_crashed_which_is_no_reward() =>
        Assert.Equal((Verdict.Crashed, null), Judge(new ScriptedVerifier((_, _) => throw new FormatException("no number")), Far));

    [Fact]
    public void A_verifier_that_cancels_on_its_own_has_crashed() =>
        Assert.Equal(
            (Verdict.Crashed, null),
            Judge(new ScriptedVerifier((_, _) => Task.FromCanceled<Judgment>(new CancellationToken(true))), Far)
        );

    [Fact]
    public void A_verifier_that_returns_nothing_has_crashed() =>
        Assert.Equal((Verdict.Crashed, null), Judge(new ScriptedVerifier((_, _) => Task.FromResult<Judgment>(null!)), Far));

    [Fact]
    public void As_many_verdicts_are_worked_on_at_once_as_allowed_and_all_come()
    {
        TaskCompletionSource<Judgment>[] gates = Enumerable
            .Range(0, 7)
            .Select(_ => new TaskCompletionSource<Judgment>(TaskCreationOptions.RunContinuationsAsynchronously))
            .ToArray();
        (int begun, int ended, int most) = (0, 0, 0);
        var verifier = new ScriptedVerifier(
            async (response, _) =>
            {
                int now = Interlocked.Increment(ref begun) - Volatile.Read(ref ended);
                InterlockedMax(ref most, now);
                TestActor.Tell(response);
                Judgment judgment = await gates[int.Parse(response.Split(' ')[1])].Task;
                Interlocked.Increment(ref ended);
                return judgment;
            }
        );
        IActorRef actor = Start(verifier, Far, parallel: 2);
        for (int sibling = 0; sibling < gates.Length; sibling++)
        {
            actor.Tell(Case(sibling));
        }

        string[] first = [ExpectMsg<string>(), ExpectMsg<string>()];
        Assert.Equal(["answer 0", "answer 1"], first.Order());
        Assert.Equal(2 - gates.Length, Until<CaseDemand>(demand => demand.Held.Length == gates.Length).Free);
        foreach (TaskCompletionSource<Judgment> gate in gates)
        {
            gate.SetResult(Judgment.Correct());
        }

        SortedSet<int> judged = [];
        while (judged.Count < gates.Length)
        {
            judged.Add(Next<CaseJudged>().Id.Rollout.Sibling);
        }

        Assert.InRange(most, 1, 2);
    }

    [Fact]
    public void A_verdict_is_repeated_until_it_is_acknowledged_and_a_case_that_comes_again_is_judged_once()
    {
        int judged = 0;
        IActorRef actor = Start(
            new ScriptedVerifier(
                (_, _) =>
                {
                    judged++;
                    return Task.FromResult(Judgment.Correct());
                }
            ),
            Far
        );
        actor.Tell(Case(0));
        CaseJudged first = Next<CaseJudged>();
        actor.Tell(Case(0));
        Assert.Equal(first, Next<CaseJudged>());
        actor.Tell(new CaseAck(first.Id));
        Assert.Equal(1, Until<CaseDemand>(demand => demand.Held.IsEmpty).Free);
        Assert.Equal(1, judged);
    }

    private (Verdict, double?) Judge(IVerifier verifier, TimeSpan timeout)
    {
        Start(verifier, timeout).Tell(Case(0));
        Judgment judgment = Next<CaseJudged>().Judgment;
        Assert.NotNull(judgment.Detail);
        return (judgment.Verdict, judgment.Reward);
    }

    private IActorRef Start(IVerifier verifier, TimeSpan timeout, int parallel = 1)
    {
        var settings = new VerifierNodeSettings("verifier", timeout, parallel) { Beat = TimeSpan.FromMilliseconds(20) };
        IActorRef actor = Sys.ActorOf(VerifierActor.Props(verifier, settings, TimeProvider.System));
        actor.Tell(new NodeJoined(_core, Epoch));
        return actor;
    }

    private static VerifyCase Case(int sibling)
    {
        GroupSpec spec = Make.Spec(1);
        Rollout rollout = Make.Rollout(spec, Origin.Policy, sibling);
        return new VerifyCase(new CaseId(rollout.Id, 0), Epoch, spec.Question, rollout.Text, rollout.Finish);
    }

    /// <summary>The next message of a kind; others, which are repeated all the time, are passed over.</summary>
    private T Next<T>() => Until<T>(_ => true);

    private T Until<T>(Func<T, bool> wanted)
    {
        while (true)
        {
            object message = _core.ReceiveOne(Far);
            Assert.NotNull(message);
            if (message is T found && wanted(found))
            {
                return found;
            }
        }
    }

    private static void InterlockedMax(ref int target, int value)
    {
        int seen = Volatile.Read(ref target);
        while (value > seen && Interlocked.CompareExchange(ref target, value, seen) is var before && before != seen)
        {
            seen = before;
        }
    }
}
