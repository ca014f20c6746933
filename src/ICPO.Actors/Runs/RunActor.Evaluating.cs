using Akka.Actor;
using ICPO.Actors.Evaluation;
using ICPO.Actors.RunEvents;

namespace ICPO.Actors.Runs;

/// <summary>The evaluation of versions. Their weights are kept until then, since the evaluator may be busy with earlier ones.</summary>
public sealed partial class RunActor
{
    private void Evaluate(int questions)
    {
        _parts.Checkpoints.Hold(_newest!.Version);
        _parts.Evaluator.Tell(new EvaluatorActor.Evaluate(_newest, _run.HeldOut(questions)));
    }

    private void Evaluated(VersionEvaluated evaluated)
    {
        _run.Events.Publish(evaluated);
        _evaluated = evaluated;
        _parts.Checkpoints.ReleaseUpTo(evaluated.Version);
        Next(new RunEvent.Evaluated(evaluated.Version));
    }
}
