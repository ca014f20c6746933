using System.Collections.Immutable;

namespace ICPO.Tokenizers;

/// <summary>Special tokens around one text.</summary>
/// <param name="Before">Ids before it, such as the begin of text.</param>
/// <param name="After">Ids after it, such as the end of text.</param>
public sealed record TextFrame(ImmutableArray<int> Before, ImmutableArray<int> After)
{
    /// <summary>No special tokens.</summary>
    public static TextFrame Empty { get; } = new([], []);

    /// <summary>True if nothing is added.</summary>
    public bool IsEmpty => Before.IsEmpty && After.IsEmpty;
}
