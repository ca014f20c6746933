using ICPO.Actors.Configuration.Settings;
using ICPO.Actors.Contracts.Policies;

namespace ICPO.Actors.Engines;

/// <summary>The parameters of an engine.</summary>
/// <param name="Settings">The settings of the run.</param>
/// <param name="Backend">The model of this process, for engines that compute in it.</param>
/// <param name="Index">Which engine of this node, from 0.</param>
/// <param name="IsolateRequests">True for one request at a time, so that tokens depend only on weights, prompt and seeds.</param>
public sealed record EngineContext(RunSettings Settings, IPolicyBackend Backend, int Index, bool IsolateRequests);
