namespace ICPO.Actors.Tasks.SymbolRules;

/// <summary>Which examples of the pool precede a question.</summary>
public enum DemonstrationSelection
{
    /// <summary>
    /// Examples of the question's chain, as retrieval would select; if there are too few, as <see cref="ShareSymbol"/>.
    /// </summary>
    SameChain,

    /// <summary>Examples that share a symbol with the question; if there are too few, as <see cref="Random"/>.</summary>
    ShareSymbol,

    /// <summary>A uniform draw from the whole pool (the paper's choice).</summary>
    Random,
}

/// <summary>Settings of the task <c>symbol-rules</c>.</summary>
public sealed record SymbolRulesSettings
{
    public DemonstrationSelection Selection { get; init; } = DemonstrationSelection.SameChain;
}
