using System.Text.Json;

namespace ICPO.Actors.Tasks.Tests.Datasets;

/// <summary>A temporary folder with data sets as JSON lines.</summary>
internal sealed class JsonlFolder : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public static IEnumerable<(string Question, string Answer)> Rows(string prefix, int count) =>
        Enumerable.Range(0, count).Select(i => ($"{prefix}{i}", $"solution {i}"));

    /// <summary>Writes rows with the fields question and answer, and returns the file's path.</summary>
    public string Write(string name, IEnumerable<(string Question, string Answer)> rows) =>
        WriteLines(name, rows.Select(row => JsonSerializer.Serialize(new { question = row.Question, answer = row.Answer })));

    /// <summary>Writes lines and returns the file's path.</summary>
    public string WriteLines(string name, IEnumerable<string> lines)
    {
        string path = _folder.In(name);
        File.WriteAllLines(path, lines);
        return path;
    }

    public void Dispose() => _folder.Dispose();
}
