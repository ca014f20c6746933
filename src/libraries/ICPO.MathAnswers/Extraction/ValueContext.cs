namespace ICPO.MathAnswers.Extraction;

/// <summary>What the words around a value make of it.</summary>
internal enum ContextKind
{
    /// <summary>They give it.</summary>
    Names,

    /// <summary>They deny, bound or doubt it, or ask.</summary>
    Open,

    /// <summary>They give it beside an earlier value: "3 or 4".</summary>
    Joined,

    /// <summary>They divide an earlier value by it: "$4$ / $5$".</summary>
    Divides,
}

/// <param name="Kind">What the words do.</param>
/// <param name="At">The end of the earlier value's text, for joined values.</param>
internal readonly record struct ValueContext(ContextKind Kind, int At = 0)
{
    public static readonly ValueContext Names = new(ContextKind.Names);
    public static readonly ValueContext Open = new(ContextKind.Open);
}
