using ICPO.Actors.Contracts.Policies;

namespace ICPO.Actors.Engines;

/// <summary>What an engine's own file says about it; <see cref="EngineRegistry"/> lists one descriptor per line.</summary>
/// <param name="Name">The value of <c>engine.kind</c>.</param>
/// <param name="Create">Creates an engine that holds the base weights; throws <see cref="ArgumentException"/> if a setting does not
/// fit.</param>
public sealed record EngineDescriptor(string Name, Func<EngineContext, IGenerationEngine> Create);
