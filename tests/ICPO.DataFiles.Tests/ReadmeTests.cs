using System.Text.Json;
using ICPO.DataFiles.Files;
using ICPO.DataFiles.Json;

namespace ICPO.DataFiles.Tests;

/// <summary>The README's example, compiled and run.</summary>
public sealed class ReadmeTests
{
    [Fact]
    public void The_example_prints_what_its_comments_say()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(Path.Combine(folder.Path, "train-1.jsonl"), "{\"question\": \"1 + 1\", \"answer\": 2}\n");
        File.WriteAllText(Path.Combine(folder.Path, "train-2.json"), "[\n{\"question\": \"2 + 2\", \"answer\": 4}]");
        List<string> printed = [];
        Example(folder.Path, value => printed.Add($"{value}"));
        Assert.Equal(Readme.Output(Code), printed);
    }

    [Fact]
    public void The_readme_shows_the_code_that_is_tested() =>
        Assert.Equal(Code, Readme.Block("src", "libraries", "ICPO.DataFiles", "README.md"));

    private static string Code => Readme.Region("tests", "ICPO.DataFiles.Tests", "ReadmeTests.cs");

    private static void Example(string folder, Action<object?> print)
    {
        // <readme>
        // One file, a directory, or a pattern; the first bytes decide between JSON lines, JSON, gzip and Parquet.
        DataRecord[] records = [.. DataFile.Records(Path.Combine(folder, "train-*"))];
        print(string.Join(", ", records.Select(record => $"{record.Name}:{record.Number}"))); // train-1.jsonl:1, train-2.json:1

        foreach ((string place, JsonElement row) in DataFile.Rows(Path.Combine(folder, "train-2.json")))
        {
            print($"{Path.GetFileName(place)} {row.GetProperty("answer")}"); // train-2.json:2 4
        }

        // Atomic: the name appears only when the content is complete and synced to disk.
        string path = Path.Combine(folder, "config.json");
        DurableFile.Write(path, stream => stream.Write("{\"layers\": 0}"u8));

        // Errors name the file and the key.
        using var config = JsonFile.Open(path);
        try
        {
            config.Keys.Count("layers");
        }
        catch (InvalidDataException error)
        {
            print(Path.GetFileName(error.Message)); // config.json: layers must be a whole number above 0, not 0.
        }
        // </readme>
    }
}
