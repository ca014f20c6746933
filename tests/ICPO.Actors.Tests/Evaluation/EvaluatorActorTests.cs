using Akka.Actor;
using ICPO.Actors.Algorithm.Accuracy;
using ICPO.Actors.Contracts.Identity;
using ICPO.Actors.Contracts.Policies;
using ICPO.Actors.Evaluation;
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
        IActorRef evaluator = Sys.ActorOf(
            EvaluatorActor.Props(new HashEngine(), (_, _) => ++evaluations == 1 ? _first.Task : Task.FromResult(Report()))
        );
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

    private static EvaluationReport Report() => new([], 0);
}
