namespace ICPO.Actors.Modeling.Inference;

/// <summary>What new weights mean for the sequences that an engine is decoding.</summary>
public enum InFlightMode
{
    /// <summary>Their next token is sampled with them; keys and values of earlier tokens stay.</summary>
    Continue,

    /// <summary>Generation is interrupted: keys and values of the whole sequence are computed again with them, then it continues.</summary>
    Recompute,

    /// <summary>The weights wait until the sequences have ended; no others start meanwhile.</summary>
    Wait,
}
