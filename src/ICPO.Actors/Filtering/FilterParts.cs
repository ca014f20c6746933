using Akka.Actor;
using ICPO.Actors.Algorithm.Buffering;
using ICPO.Actors.Algorithm.ExpertMixing;
using ICPO.Actors.Algorithm.GroupFiltering;
using ICPO.Actors.RunEvents;
using ICPO.Actors.Tracing;

namespace ICPO.Actors.Filtering;

/// <summary>The parts of the filter.</summary>
public sealed record FilterParts
{
    public required ExpertSettings Expert { get; init; }

    public required GroupSettings Group { get; init; }

    /// <summary>The run's seed.</summary>
    public required ulong Seed { get; init; }

    /// <summary>The trajectory buffer.</summary>
    public required IActorRef Buffer { get; init; }

    /// <summary>Assigns rollouts to verifiers.</summary>
    public required IActorRef Cases { get; init; }

    /// <summary>The bus of the run's events.</summary>
    public RunEventBus Events { get; init; } = new();

    public RolloutKeeping Keeping { get; init; } = RolloutKeeping.None;

    /// <summary>Traces of the run.</summary>
    public RunTraces Traces { get; init; } = RunTraces.None;

    /// <summary>Groups that were decided before the start.</summary>
    public DecidedGroups Decided { get; init; } = new();
}
