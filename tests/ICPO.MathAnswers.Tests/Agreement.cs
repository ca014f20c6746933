using System.Globalization;
using System.IO.Compression;
using System.Text.Json;

namespace ICPO.MathAnswers.Tests;

/// <summary>Counts how often the judge agrees with labels and lists where it does not, by category and with the reason.</summary>
internal sealed class Agreement(ITestOutputHelper output)
{
    private readonly List<string> _disagreements = [];
    private int _cases;

    public double Share => _cases == 0 ? 0 : 1 - ((double)_disagreements.Count / _cases);

    public void Add(bool agrees, Func<string> describe)
    {
        _cases++;
        if (!agrees)
        {
            _disagreements.Add(describe());
        }
    }

    public void AssertAtLeast(double share, string what)
    {
        output.WriteLine(
            string.Create(CultureInfo.InvariantCulture, $"{what}: {_cases - _disagreements.Count} of {_cases} agree ({Share:P2})")
        );
        _disagreements.ForEach(output.WriteLine);
        Assert.True(_cases > 0, $"{what}: no applicable case was found");
        Assert.True(Share >= share, string.Create(CultureInfo.InvariantCulture, $"{what}: {Share:P2} agree, wanted {share:P2}"));
    }

    /// <summary>The rows of every JSONL file (plain or .gz) of a folder that have all the given keys.</summary>
    public static IEnumerable<JsonElement> Rows(string folder, params string[] keys) =>
        Directory
            .EnumerateFiles(folder)
            .Order(StringComparer.Ordinal)
            .Where(f => f.EndsWith(".jsonl", StringComparison.Ordinal) || f.EndsWith(".jsonl.gz", StringComparison.Ordinal))
            .SelectMany(Lines)
            .Select(line => JsonDocument.Parse(line).RootElement)
            .Where(row => keys.All(k => row.TryGetProperty(k, out _)));

    private static IEnumerable<string> Lines(string file)
    {
        using Stream stream = File.OpenRead(file);
        using StreamReader reader = new(
            file.EndsWith(".gz", StringComparison.Ordinal) ? new GZipStream(stream, CompressionMode.Decompress) : stream
        );
        while (reader.ReadLine() is { } line)
        {
            if (line.Length > 0)
            {
                yield return line;
            }
        }
    }
}
