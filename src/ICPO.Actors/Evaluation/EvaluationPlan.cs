using System.Collections.Immutable;
using ICPO.Actors.Contracts.Rollouts;
using ICPO.Actors.Contracts.Tasks;

namespace ICPO.Actors.Evaluation;

/// <summary>The questions of an evaluation, and the sampling of their responses.</summary>
public sealed record EvaluationPlan
{
    public required ImmutableArray<Question> Questions { get; init; }

    /// <summary>Responses per question, at least 1.</summary>
    public int Samples { get; init; } = 1;

    /// <summary>Solved examples before each question; 0 is zero-shot.</summary>
    public int Demonstrations { get; init; }

    /// <summary>0 tokens and no stop strings mean the task's own.</summary>
    public SamplerSettings Sampler { get; init; } = new();

    /// <summary>The seed of samples and demonstrations.</summary>
    public required ulong Seed { get; init; }
}
