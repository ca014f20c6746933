using System.Collections.Immutable;

namespace ICPO.Actors.Modeling.Inference;

/// <summary>A generation engine's size.</summary>
public sealed record EngineSettings
{
    /// <summary>Sequences in flight at once.</summary>
    public int Slots { get; init; } = 64;

    /// <summary>Longest prompt + response in tokens; 0 takes the model's own limit.</summary>
    public int Context { get; init; }

    /// <summary>Any of these ids ends a response, in addition to those of a request's sampler: the model's own end of text.</summary>
    public ImmutableArray<int> EndTokens { get; init; } = [];

    /// <summary>How new weights are taken while sequences are decoded; an idle engine takes them into place.</summary>
    public SwapMode Swap { get; init; } = SwapMode.Auto;

    /// <summary>What new weights mean for sequences in flight.</summary>
    public InFlightMode InFlight { get; init; } = InFlightMode.Continue;

    /// <summary>Torch's intra-op threads on the engine's thread, and threads that draw tokens where the vocabulary is large.</summary>
    public int Threads { get; init; } = 1;
}
