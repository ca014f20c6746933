namespace ICPO.MathAnswers.Extraction;

/// <summary>The role of a value, as determined by the words around it.</summary>
internal enum ContextKind
{
    /// <summary>They state it.</summary>
    Names,

    /// <summary>They deny, bound or doubt it, or ask a question.</summary>
    Open,

    /// <summary>They state it together with an earlier value: "3 or 4".</summary>
    Joined,

    /// <summary>They divide an earlier value by it: "$4$ / $5$".</summary>
    Divides,
}

/// <param name="Kind">The role.</param>
/// <param name="At">The end of the earlier value's text, for joined values.</param>
internal readonly record struct ValueContext(ContextKind Kind, int At = 0)
{
    public static readonly ValueContext Names = new(ContextKind.Names);
    public static readonly ValueContext Open = new(ContextKind.Open);
}
