using System.Collections.Immutable;
using ICPO.Actors.Contracts.Policies;

namespace ICPO.Actors.Engines.Remote;

/// <summary>What an engine on a server needs of this process.</summary>
internal sealed record RemoteEngineParts
{
    /// <summary>The run's id.</summary>
    public required string Run { get; init; }

    /// <summary>The same model in this process. Owned.</summary>
    public required IReferencePolicy Reference { get; init; }

    public required ITokenizer Tokenizer { get; init; }

    /// <summary>Prompts of the check.</summary>
    public required ImmutableArray<ImmutableArray<int>> Prompts { get; init; }

    /// <summary>The temperature of rollouts.</summary>
    public required double Temperature { get; init; }

    /// <summary>Sequences in flight.</summary>
    public required int Slots { get; init; }

    /// <summary>The bearer token; null for none.</summary>
    public required string? Key { get; init; }
}
