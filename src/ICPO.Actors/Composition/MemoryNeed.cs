using ICPO.Actors.Modeling.Inference;
using ICPO.Actors.Modeling.Training;

namespace ICPO.Actors.Composition;

/// <summary>The estimated peak memory of a run, in bytes.</summary>
/// <param name="Learner">What training holds.</param>
/// <param name="Engine">What one engine holds.</param>
/// <param name="Engines">How many there are, the evaluator's included.</param>
public sealed record MemoryNeed(TrainingMemory Learner, EngineMemory Engine, int Engines)
{
    /// <summary>The runtime and libtorch themselves.</summary>
    private const long Runtime = 200_000_000;

    public long Total => Learner.Total + (Engines * Engine.Total) + Runtime;
}
