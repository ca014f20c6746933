using Akka.Actor;
using ICPO.Actors.Contracts.Dispatching;
using ICPO.Actors.Contracts.Groups;
using ICPO.Actors.Contracts.Identity;
using ICPO.Actors.Contracts.Rollouts;
using ICPO.Actors.Contracts.Tasks;
using ICPO.Actors.Tests.Fakes;
using ICPO.Actors.Verification;

namespace ICPO.Actors.Tests.Verification;

public sealed class VerifierActorTests : ActorTest
{
    private static readonly TimeSpan Far = TimeSpan.FromMinutes(1);

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
        Akka.TestKit.TestProbe filter = CreateTestProbe();
        IActorRef actor = Sys.ActorOf(VerifierActor.Props(verifier, Far, parallel: 2, filter));
        GroupSpec spec = Make.Spec(1, policy: gates.Length);
        for (int sibling = 0; sibling < gates.Length; sibling++)
        {
            actor.Tell(new RolloutCompleted(spec, Make.Rollout(spec, Origin.Policy, sibling)));
        }

        actor.Tell(VerifierActor.ReportIdle.Instance, filter);
        string[] first = [ExpectMsg<string>(), ExpectMsg<string>()];
        Assert.Equal(["answer 0", "answer 1"], first.Order());
        foreach (TaskCompletionSource<Judgment> gate in gates)
        {
            gate.SetResult(Judgment.Correct());
        }

        int[] judged = [.. gates.Select(_ => filter.ExpectMsg<RolloutJudged>().Rollout.Rollout.Id.Sibling)];
        filter.ExpectMsg<VerifierActor.Idle>();
        Assert.Equal(Enumerable.Range(0, gates.Length), judged.Order());
        Assert.InRange(most, 1, 2);
    }

    private (Verdict, double?) Judge(IVerifier verifier, TimeSpan timeout)
    {
        IActorRef actor = Sys.ActorOf(VerifierActor.Props(verifier, timeout, 1, TestActor));
        GroupSpec spec = Make.Spec(1);
        actor.Tell(new RolloutCompleted(spec, Make.Rollout(spec, Origin.Policy, 0)));
        Judgment judgment = ExpectMsg<RolloutJudged>().Rollout.Judgment;
        Assert.NotNull(judgment.Detail);
        return (judgment.Verdict, judgment.Reward);
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
