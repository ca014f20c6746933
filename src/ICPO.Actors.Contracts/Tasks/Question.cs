using System.Collections.Immutable;

namespace ICPO.Actors.Contracts.Tasks;

/// <summary>One question with its gold answer.</summary>
public sealed record Question
{
    /// <summary>Stable name, unique in its task.</summary>
    public required string Id { get; init; }

    /// <summary>The text of the question (q).</summary>
    public required string Text { get; init; }

    /// <summary>The gold answer the verifier compares with.</summary>
    public required string Answer { get; init; }

    /// <summary>Facts that results are split by (subject, difficulty, …).</summary>
    public ImmutableSortedDictionary<string, string> Tags { get; init; } = ImmutableSortedDictionary<string, string>.Empty;
}

/// <summary>A solved example.</summary>
public sealed record Demonstration
{
    public required string Id { get; init; }

    public required string Question { get; init; }

    public required string Solution { get; init; }

    /// <summary>The gold answer of the question; null if it is the whole solution.</summary>
    public string? Answer { get; init; }

    public ImmutableSortedDictionary<string, string> Tags { get; init; } = ImmutableSortedDictionary<string, string>.Empty;
}
