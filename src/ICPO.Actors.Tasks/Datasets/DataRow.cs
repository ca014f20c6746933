using System.Collections.Immutable;
using System.Text.Json;
using ICPO.Actors.Contracts;

namespace ICPO.Actors.Tasks;

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

/// <summary>A row as its file has it, valid until the next one is read.</summary>
/// <param name="Place">File and line, or file, row group and row: what an error starts with.</param>
/// <param name="Number">Line or row, from 1.</param>
/// <param name="Fields">A JSON object, or an array whose fields are its places.</param>
internal readonly record struct DataRecord(string Place, int Number, JsonElement Fields)
{
    /// <summary>What ids call the file.</summary>
    public string Name { get; init; } = "";

    public InvalidDataException Error(string what, Exception? cause = null) => new($"{Place}: {what}.", cause);
}
