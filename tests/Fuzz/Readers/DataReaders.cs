using System.Text.Json;
using ICPO.Actors.Tasks.Datasets;
using ICPO.DataFiles;
using ICPO.DataFiles.Files;

namespace Fuzz.Readers;

/// <summary>Readers of data sets.</summary>
internal static class DataReaders
{
    /// <summary>As rows, then as questions with their answers.</summary>
    public static void Rows(byte[] input)
    {
        string path = Scratch.File("data.jsonl", input);
        Count(path);
        DataRows.Read(path, new FieldMapping());
    }

    public static void Records(byte[] input) => Count(Scratch.File("data", input));

    private static void Count(string path)
    {
        foreach (DataRecord record in DataFile.Records(path))
        {
            _ = record.Fields.ValueKind == JsonValueKind.Object && record.Fields.TryGetProperty("question", out _);
        }
    }
}
