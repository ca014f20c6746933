using System.Buffers;
using System.Collections.Frozen;

namespace ICPO.MathAnswers.Latex;

/// <summary>Words with which a speaker does not commit to the value that they name.</summary>
internal static class HedgeWords
{
    /// <summary>The value may be another one.</summary>
    public static readonly FrozenSet<string> Doubts = Set(
        "maybe perhaps possibly probably likely presumably supposedly conceivably potentially arguably"
    );

    /// <summary>The value is near this one.</summary>
    public static readonly FrozenSet<string> Approximations = Set(
        "about around approximately approx roughly nearly almost circa near approaching"
    );

    private static readonly SearchValues<string> Chinese = SearchValues.Create(
        ["左右", "上下", "样子", "吧", "大约", "大概", "也许", "或许", "可能"],
        StringComparison.Ordinal
    );

    /// <summary>True if words are no unit, since one of them is a hedge: "4 probably", 4左右.</summary>
    public static bool AreIn(string words) =>
        words.AsSpan().ContainsAny(Chinese)
        || words
            .ToLowerInvariant()
            .Split(' ')
            .Any(word => Doubts.Contains(word) || Approximations.Contains(word) || word is "ish" or "-ish");

    private static FrozenSet<string> Set(string words) => words.Split(' ').ToFrozenSet();
}
