using System.Collections.Immutable;
using ICPO.Actors.Contracts.Tasks;

namespace ICPO.Actors.Tasks.Datasets;

/// <summary>A row of a data set.</summary>
/// <param name="Question">With its gold answer and tags.</param>
/// <param name="Solution">The human solution; the answer where there is none.</param>
/// <param name="Line">Its line, or its row in a Parquet file, from 1.</param>
public sealed record DataRow(Question Question, string Solution, int Line)
{
    /// <summary>The conversation that is the question, where the file holds one; empty for a plain text.</summary>
    public ImmutableArray<ChatMessage> Chat { get; init; } = [];

    /// <summary>Share of right answers, where the file tells one.</summary>
    public double? PassRate { get; init; }
}
