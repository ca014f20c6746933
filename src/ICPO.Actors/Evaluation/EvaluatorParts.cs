using System.Collections.Immutable;
using ICPO.Actors.Algorithm.Accuracy;
using ICPO.Actors.Contracts.Policies;
using ICPO.Actors.Contracts.Tasks;
using ICPO.Actors.Nodes;
using ICPO.Actors.RunEvents;

namespace ICPO.Actors.Evaluation;

/// <summary>What an <see cref="EvaluatorActor"/> works with.</summary>
public sealed record EvaluatorParts
{
    /// <summary>Takes the weights to evaluate.</summary>
    public required IGenerationEngine Engine { get; init; }

    /// <summary>Evaluates the engine's weights on questions.</summary>
    public required Func<ImmutableArray<Question>, CancellationToken, Task<EvaluationReport>> Evaluate { get; init; }

    /// <summary>Judges the responses; told to try again before an evaluation is repeated.</summary>
    public IVerifier? Verifier { get; init; }

    /// <summary>How long evaluations may fail before the run ends.</summary>
    public TimeSpan FaultTimeout { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>Gives the pauses between repetitions.</summary>
    public ProtocolTimings Timings { get; init; } = new();

    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>Where faults are reported.</summary>
    public RunEventBus Events { get; init; } = new();
}
