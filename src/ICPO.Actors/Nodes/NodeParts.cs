using System.Collections.Immutable;
using ICPO.Actors.Contracts.Nodes;
using ICPO.Actors.Contracts.Policies;
using ICPO.Actors.Contracts.Rollouts;
using ICPO.Actors.Contracts.Tasks;

namespace ICPO.Actors.Nodes;

/// <summary>The parts of a node. It has the model and the settings, but neither the task nor its answers.</summary>
public sealed record NodeParts
{
    /// <summary>The node's display name.</summary>
    public required string Name { get; init; }

    /// <summary>The roles of the node.</summary>
    public ImmutableArray<NodeRole> Roles { get; init; } = [NodeRole.Rollout, NodeRole.Expert, NodeRole.Verifier];

    /// <summary>The device of its engines.</summary>
    public required string Device { get; init; }

    /// <summary>The number of its engines.</summary>
    public required int Engines { get; init; }

    /// <summary>Creates an engine of this index; takes as long as loading the model does. Called again for one that has failed.</summary>
    public required Func<int, IGenerationEngine> CreateEngine { get; init; }

    /// <summary>Ends an engine that has failed, before another one replaces it.</summary>
    public Func<IGenerationEngine, Task> EndEngine { get; init; } = engine => engine.DisposeAsync().AsTask();

    public required ITokenizer Tokenizer { get; init; }

    public required SamplerSettings Sampler { get; init; }

    public required IVerifier Verifier { get; init; }

    /// <summary>The time for one case.</summary>
    public required TimeSpan VerifierTimeout { get; init; }

    /// <summary>Cases that are judged at once.</summary>
    public required int VerifierParallel { get; init; }

    public ProtocolTimings Timings { get; init; } = new();

    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>Called when a core has accepted the node: the first core, and each replacement.</summary>
    public Action<Welcome> Welcomed { get; init; } = _ => { };

    public INodeTransport Transport { get; init; } = DirectTransport.Instance;
}
