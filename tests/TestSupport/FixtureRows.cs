using System.IO.Compression;
using System.Text.Json.Nodes;

namespace TestSupport;

/// <summary>Rows of JSON lines fixtures.</summary>
public static class FixtureRows
{
    /// <summary>The rows that have all the keys, of every JSON lines file of a folder, plain or compressed.</summary>
    public static IEnumerable<JsonObject> Read(string folder, params string[] keys) =>
        Directory
            .GetFiles(folder)
            .Order(StringComparer.Ordinal)
            .Where(f => f.EndsWith(".jsonl", StringComparison.Ordinal) || f.EndsWith(".jsonl.gz", StringComparison.Ordinal))
            .SelectMany(Lines)
            .Select(line => JsonNode.Parse(line)!.AsObject())
            .Where(row => keys.All(row.ContainsKey));

    private static IEnumerable<string> Lines(string path)
    {
        using Stream file = File.OpenRead(path);
        using var reader = new StreamReader(
            path.EndsWith(".gz", StringComparison.Ordinal) ? new GZipStream(file, CompressionMode.Decompress) : file
        );
        while (reader.ReadLine() is { } line)
        {
            yield return line;
        }
    }
}
