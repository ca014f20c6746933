using System.Text.Json;

namespace ICPO.DataFiles.Files;

/// <summary>A row as its file has it, valid until the next one is read.</summary>
/// <param name="Place">File and line, or file, row group and row: what an error starts with.</param>
/// <param name="Number">Line or row, from 1.</param>
/// <param name="Fields">A JSON object, or an array whose fields are its places.</param>
public readonly record struct DataRecord(string Place, int Number, JsonElement Fields)
{
    /// <summary>What ids call the file.</summary>
    public string Name { get; init; } = "";

    public InvalidDataException Error(string what, Exception? cause = null) => new($"{Place}: {what}.", cause);
}
