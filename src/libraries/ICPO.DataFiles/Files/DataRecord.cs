using System.Text.Json;

namespace ICPO.DataFiles.Files;

/// <summary>A row of a data file, valid until the next one is read.</summary>
/// <param name="Place">File and line, or file, row group and row: the start of an error message.</param>
/// <param name="Number">Line or row, 1-based.</param>
/// <param name="Fields">A JSON object, or an array whose fields are named by index.</param>
public readonly record struct DataRecord(string Place, int Number, JsonElement Fields)
{
    /// <summary>The file's name in row ids: relative to the data set's directory, with forward slashes.</summary>
    public string Name { get; init; } = "";

    /// <summary>An error about this row that starts with <see cref="Place"/>.</summary>
    public InvalidDataException Error(string what, Exception? cause = null) => new($"{Place}: {what}.", cause);
}
