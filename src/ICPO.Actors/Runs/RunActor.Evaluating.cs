using Akka.Actor;
using ICPO.Actors.Evaluation;
using ICPO.Actors.RunEvents;

namespace ICPO.Actors.Runs;

/// <summary>How versions are evaluated. Their weights are held until then: the evaluator may be busy with earlier ones.</summary>
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
