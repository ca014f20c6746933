using System.Collections.Immutable;
using ICPO.Actors.Contracts.Tasks;

namespace ICPO.Actors.Tasks.Datasets;

/// <summary>Whether a row has a gold answer.</summary>
public enum AnswerState
{
    Given,

    /// <summary>Null.</summary>
    Missing,

    /// <summary>One of <see cref="FieldMapping.Placeholders"/>.</summary>
    Placeholder,
}

/// <summary>A row of a data set.</summary>
/// <param name="Question">The question with its gold answer and tags.</param>
/// <param name="Solution">The human solution; the answer if there is none.</param>
/// <param name="Line">The line, or the row in a Parquet file, 1-based.</param>
public sealed record DataRow(Question Question, string Solution, int Line)
{
    /// <summary>Rows without a gold answer are for counting only.</summary>
    public AnswerState State { get; init; }

    /// <summary>The question as a conversation, if the file has one; empty for plain text.</summary>
    public ImmutableArray<ChatMessage> Chat { get; init; } = [];

    /// <summary>Fraction of correct answers, if the file has one.</summary>
    public double? PassRate { get; init; }
}
