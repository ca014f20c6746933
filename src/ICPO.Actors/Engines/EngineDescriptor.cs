using ICPO.Actors.Contracts.Policies;

namespace ICPO.Actors.Engines;

/// <summary>The description of an engine in its own file; <see cref="EngineRegistry"/> lists one descriptor per line.</summary>
/// <param name="Name">The value of <c>engine.kind</c>.</param>
/// <param name="Create">
/// Creates an engine that holds the base weights; throws <see cref="ArgumentException"/> if a setting does not fit.
/// </param>
public sealed record EngineDescriptor(string Name, Func<EngineContext, IGenerationEngine> Create);
