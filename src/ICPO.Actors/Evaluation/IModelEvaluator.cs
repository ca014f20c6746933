using System.Collections.Immutable;
using ICPO.Actors.Algorithm.Accuracy;
using ICPO.Actors.Contracts.Rollouts;
using ICPO.Actors.Contracts.Tasks;

namespace ICPO.Actors.Evaluation;

/// <summary>Asks a model questions and counts what is right.</summary>
public interface IModelEvaluator
{
    /// <summary>Samples every question and judges the responses; the same arguments and weights draw the same samples.</summary>
    /// <param name="samples">Responses per question, at least 1.</param>
    /// <param name="sampler">How to draw; 0 tokens and no stop strings mean the task's own.</param>
    /// <param name="demonstrations">Solved examples before each question; 0 is zero-shot.</param>
    /// <param name="seed">Of samples and demonstrations.</param>
    Task<EvaluationReport> EvaluateAsync(
        ITask task,
        IVerifier verifier,
        ImmutableArray<Question> questions,
        int samples,
        SamplerSettings sampler,
        int demonstrations,
        ulong seed,
        CancellationToken cancellationToken
    );
}
