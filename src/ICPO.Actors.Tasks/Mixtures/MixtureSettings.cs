using System.Collections.Immutable;

namespace ICPO.Actors.Tasks.Mixtures;

/// <summary>Settings of the task <c>mixture</c>. Fields, filters and limits of each part are those of <c>jsonl</c>.</summary>
public sealed record MixtureSettings
{
    /// <summary>The data sets and their weights.</summary>
    public ImmutableArray<MixturePart> Parts { get; init; } = [];
}
