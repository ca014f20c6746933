namespace ICPO.Actors.Tasks.SymbolRules;

/// <summary>Which examples of the pool stand before a question.</summary>
public enum DemonstrationSelection
{
    /// <summary>
    /// Examples of the question's own chain, as retrieval would give; where they do not suffice, as <see cref="ShareSymbol"/>.
    /// </summary>
    SameChain,

    /// <summary>Examples that share a symbol with the question; where they do not suffice, as <see cref="Random"/>.</summary>
    ShareSymbol,

    /// <summary>A uniform draw from the whole pool (the paper's choice).</summary>
    Random,
}

/// <summary>The built-in task.</summary>
public sealed record SymbolRulesSettings
{
    public DemonstrationSelection Selection { get; init; } = DemonstrationSelection.SameChain;
}
