namespace ICPO.Actors.Host.Diagnosis;

/// <summary>How a part of the machine serves a run.</summary>
internal enum FindingLevel
{
    /// <summary>It serves.</summary>
    Good,

    /// <summary>It serves with a limitation, or only some runs need it.</summary>
    Note,

    /// <summary>Runs will fail.</summary>
    Problem,
}

/// <summary>What was found about one part of the machine.</summary>
/// <param name="Name">The part.</param>
/// <param name="Level">How it serves.</param>
/// <param name="Text">What was found.</param>
/// <param name="Advice">What to do; null if nothing is to be done.</param>
internal sealed record Finding(string Name, FindingLevel Level, string Text, string? Advice = null)
{
    public static Finding Good(string name, string text) => new(name, FindingLevel.Good, text);

    public static Finding Note(string name, string text, string? advice = null) => new(name, FindingLevel.Note, text, advice);

    public static Finding Problem(string name, string text, string advice) => new(name, FindingLevel.Problem, text, advice);
}
