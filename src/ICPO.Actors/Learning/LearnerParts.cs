using Akka.Actor;
using ICPO.Actors.Algorithm.Batches;
using ICPO.Actors.Checkpointing;
using ICPO.Actors.Contracts.Policies;
using ICPO.Actors.Faults;
using ICPO.Actors.RunEvents;

namespace ICPO.Actors.Learning;

/// <summary>The parts of a learner.</summary>
public sealed record LearnerParts
{
    public required ILearner Learner { get; init; }

    public required BatchAssembler Assembler { get; init; }

    public required LearnerPlan Plan { get; init; }

    public required CheckpointStore Checkpoints { get; init; }

    /// <summary>
    /// True if a repeated update must give the recorded weights on any hardware, as with η = 0, whose runs are reproducible.
    /// </summary>
    public bool MustRepeatExactly { get; init; }

    /// <summary>The trajectory buffer.</summary>
    public required IActorRef Buffer { get; init; }

    /// <summary>The bus of the run's events.</summary>
    public RunEventBus Events { get; init; } = new();

    public TimeProvider Time { get; init; } = TimeProvider.System;

    public FaultPoints Faults { get; init; } = FaultPoints.None;
}
