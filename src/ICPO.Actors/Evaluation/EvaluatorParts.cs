using System.Collections.Immutable;
using ICPO.Actors.Algorithm.Accuracy;
using ICPO.Actors.Contracts.Policies;
using ICPO.Actors.Contracts.Tasks;
using ICPO.Actors.Nodes;
using ICPO.Actors.RunEvents;

namespace ICPO.Actors.Evaluation;

/// <summary>The parts of an <see cref="EvaluatorActor"/>.</summary>
public sealed record EvaluatorParts
{
    /// <summary>The engine that loads the weights to evaluate.</summary>
    public required IGenerationEngine Engine { get; init; }

    /// <summary>Evaluates the engine's weights on questions.</summary>
    public required Func<ImmutableArray<Question>, CancellationToken, Task<EvaluationReport>> Evaluate { get; init; }

    /// <summary>Verifies the responses; reset before an evaluation is repeated.</summary>
    public IVerifier? Verifier { get; init; }

    /// <summary>How long evaluations may fail before the run ends.</summary>
    public TimeSpan FaultTimeout { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>Computes the delays between repetitions.</summary>
    public ProtocolTimings Timings { get; init; } = new();

    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>The actor to which faults are reported.</summary>
    public RunEventBus Events { get; init; } = new();
}
