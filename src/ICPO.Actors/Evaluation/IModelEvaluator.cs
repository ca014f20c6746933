using ICPO.Actors.Algorithm.Accuracy;
using ICPO.Actors.Contracts.Tasks;

namespace ICPO.Actors.Evaluation;

/// <summary>Evaluates a model on questions and counts correct responses.</summary>
public interface IModelEvaluator
{
    /// <summary>Samples every question and judges the responses; the same arguments and weights draw the same samples.</summary>
    Task<EvaluationReport> EvaluateAsync(ITask task, IVerifier verifier, EvaluationPlan plan, CancellationToken cancellationToken);
}
