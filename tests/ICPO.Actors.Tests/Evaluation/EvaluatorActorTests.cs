using Akka.Actor;
using Akka.TestKit;
using ICPO.Actors.Algorithm.Accuracy;
using ICPO.Actors.Contracts.Identity;
using ICPO.Actors.Contracts.Policies;
using ICPO.Actors.Evaluation;
using ICPO.Actors.Nodes;
using ICPO.Actors.RunEvents;
using ICPO.Actors.Tests.Fakes;

namespace ICPO.Actors.Tests.Evaluation;

public sealed class EvaluatorActorTests : ActorTest
{
    private readonly TemporaryFolder _folder = new();
    private readonly TaskCompletionSource<EvaluationReport> _first = new(TaskCreationOptions.RunContinuationsAsynchronously);

    [Fact]
    public void Every_request_is_answered_also_those_that_are_skipped()
    {
        int evaluations = 0;
        IActorRef evaluator = Sys.ActorOf(EvaluatorActor.Props(Parts(() => ++evaluations == 1 ? _first.Task : Task.FromResult(Report()))));
        evaluator.Tell(Evaluate(1), TestActor);
        evaluator.Tell(Evaluate(2), TestActor);
        EvaluatorActor.Evaluate newest = Evaluate(3);
        evaluator.Tell(newest, TestActor);
        Assert.Equal(2, ExpectMsg<EvaluatorActor.EvaluationSkipped>().Version.Value);
        File.Delete(newest.Snapshot.Path);
        _first.SetResult(Report());
        Assert.Equal(1, ExpectMsg<VersionEvaluated>().Version.Value);
        EvaluatorActor.EvaluationSkipped gone = ExpectMsg<EvaluatorActor.EvaluationSkipped>();
        Assert.Equal(3, gone.Version.Value);
        Assert.Contains(newest.Snapshot.Path, gone.Reason, StringComparison.Ordinal);
        evaluator.Tell(Evaluate(4), TestActor);
        Assert.Equal(4, ExpectMsg<VersionEvaluated>().Version.Value);
    }

    [Fact]
    public void An_evaluation_that_fails_is_repeated_and_reported()
    {
        int evaluations = 0;
        EvaluatorParts parts = Parts(() =>
            ++evaluations % 3 > 0 ? Task.FromException<EvaluationReport>(new IOException("no worker")) : Task.FromResult(Report())
        );
        parts.Events.Subscribe(TestActor, typeof(RunNote));
        IActorRef evaluator = Sys.ActorOf(EvaluatorActor.Props(parts));
        for (int version = 1; version <= 4; version++)
        {
            evaluator.Tell(Evaluate(version), TestActor);
            Assert.Contains("no worker", ExpectMsg<RunNote>().Text, StringComparison.Ordinal);
            ExpectMsg<RunNote>();
            Assert.Equal(version, ExpectMsg<VersionEvaluated>().Version.Value);
        }
    }

    [Theory]
    [InlineData(typeof(IOException), 5)]
    [InlineData(typeof(ArgumentException), 1)]
    [InlineData(typeof(OutOfMemoryException), 1)]
    public void Evaluations_that_never_succeed_end_the_evaluator_with_the_reason(Type error, int times)
    {
        int evaluations = 0;
        EvaluatorParts parts = Parts(() =>
        {
            evaluations++;
            return Task.FromException<EvaluationReport>((Exception)Activator.CreateInstance(error, "no worker")!);
        });
        TestProbe parent = CreateTestProbe();
        IActorRef evaluator = Supervised(parent, EvaluatorActor.Props(parts));
        evaluator.Tell(Evaluate(1), TestActor);
        Assert.IsType(error, parent.ExpectMsg<Exception>().InnerException);
        Assert.Equal(times, evaluations);
    }

    [Fact]
    public void Evaluations_that_stay_out_of_order_end_the_evaluator_after_the_fault_timeout()
    {
        var time = new ManualTime();
        int evaluations = 0;
        EvaluatorParts parts = Parts(() =>
        {
            time.Advance(TimeSpan.FromSeconds(1));
            return ++evaluations == 1 ? Task.FromResult(Report()) : Task.FromException<EvaluationReport>(new IOException("no worker"));
        });
        TestProbe parent = CreateTestProbe();
        IActorRef evaluator = Supervised(parent, EvaluatorActor.Props(parts with { Time = time, FaultTimeout = TimeSpan.FromSeconds(7) }));
        evaluator.Tell(Evaluate(1), TestActor);
        evaluator.Tell(Evaluate(2), TestActor);
        ExpectMsg<VersionEvaluated>();
        Assert.IsType<IOException>(parent.ExpectMsg<Exception>().InnerException);
        Assert.Equal(1 + 8, evaluations);
    }

    protected override void Dispose(bool disposing)
    {
        base.Dispose(disposing);
        _folder.Dispose();
    }

    private EvaluatorActor.Evaluate Evaluate(int version)
    {
        string path = _folder.Write($"policy-{version}", $"weights {version}");
        return new(new PolicySnapshot(new PolicyVersion(version), new LearnerEpoch(1), path, "", 9), []);
    }

    private static EvaluatorParts Parts(Func<Task<EvaluationReport>> evaluate) =>
        new()
        {
            Engine = new HashEngine(),
            Evaluate = (_, _) => evaluate(),
            Timings = new ProtocolTimings { FirstPause = TimeSpan.FromTicks(1), LongestPause = TimeSpan.FromMilliseconds(1) },
        };

    private static EvaluationReport Report() => new([], 0);
}
