using System.Collections.Immutable;
using System.Text.Json;
using ICPO.Actors.RunFiles.Directories;

namespace ICPO.Actors.RunFiles.Report;

/// <summary>An update as <c>metrics.jsonl</c> tells it.</summary>
public sealed record UpdateLine(long Update, double Seconds, ImmutableSortedDictionary<string, double> Values);

/// <summary>An evaluation as <c>metrics.jsonl</c> tells it.</summary>
public sealed record EvaluationLine(
    long Update,
    double Seconds,
    double Accuracy,
    int Questions,
    ImmutableSortedDictionary<string, double> ByTag
);

/// <summary>A rollout of <c>samples.jsonl</c>.</summary>
public sealed record SampleLine(
    long Update,
    string Origin,
    string Question,
    string Response,
    string Verdict,
    double? Reward,
    double Advantage
);

/// <summary>What a run directory tells about its run; what is missing is empty.</summary>
public sealed record RunHistory
{
    public RunSummary? Summary { get; init; }

    /// <summary>By update; one that a recovery made again counts as it was made last.</summary>
    public required ImmutableArray<UpdateLine> Updates { get; init; }

    public required ImmutableArray<EvaluationLine> Evaluations { get; init; }

    public required ImmutableArray<SampleLine> Samples { get; init; }

    /// <summary>Lines that are not whole (the process was killed while it wrote).</summary>
    public required int BrokenLines { get; init; }

    /// <exception cref="IOException">The directory is missing or cannot be read; names it.</exception>
    public static RunHistory Read(string runDirectory)
    {
        if (!Directory.Exists(runDirectory))
        {
            throw new DirectoryNotFoundException($"{runDirectory}: there is no such run directory.");
        }

        int broken = 0;
        SortedDictionary<long, UpdateLine> updates = [];
        SortedDictionary<long, EvaluationLine> evaluations = [];
        foreach (JsonElement line in Lines(Path.Combine(runDirectory, "metrics.jsonl"), ref broken))
        {
            (long update, double seconds) = (line.GetProperty("update").GetInt64(), line.GetProperty("seconds").GetDouble());
            if (line.GetProperty("kind").ValueEquals("evaluation"))
            {
                evaluations[update] = new EvaluationLine(
                    update,
                    seconds,
                    line.GetProperty("accuracy").GetDouble(),
                    line.GetProperty("questions").GetInt32(),
                    Numbers(line.GetProperty("by_tag"))
                );
            }
            else
            {
                updates[update] = new UpdateLine(update, seconds, Numbers(line).RemoveRange(["update", "seconds"]));
            }
        }

        ImmutableArray<SampleLine> samples =
        [
            .. Lines(Path.Combine(runDirectory, "samples.jsonl"), ref broken)
                .Select(line => new SampleLine(
                    line.GetProperty("update").GetInt64(),
                    Text(line, "origin"),
                    Text(line, "question"),
                    Text(line, "response"),
                    Text(line, "verdict"),
                    line.GetProperty("reward") is { ValueKind: JsonValueKind.Number } reward ? reward.GetDouble() : null,
                    line.GetProperty("advantage").GetDouble()
                )),
        ];
        return new RunHistory
        {
            Summary = RunSummaries.Read(new RunDirectory(runDirectory)),
            Updates = [.. updates.Values],
            Evaluations = [.. evaluations.Values],
            Samples = samples,
            BrokenLines = broken,
        };
    }

    /// <summary>The values of a metric by update; empty where no update tells it.</summary>
    public ImmutableArray<ChartPoint> Series(string metric) =>
        [.. Updates.Where(u => u.Values.ContainsKey(metric)).Select(u => new ChartPoint(u.Update, u.Values[metric]))];

    private static List<JsonElement> Lines(string path, ref int broken)
    {
        List<JsonElement> lines = [];
        foreach (string text in File.Exists(path) ? ReadShared(path) : [])
        {
            try
            {
                lines.Add(JsonDocument.Parse(text).RootElement);
            }
            catch (JsonException)
            {
                broken++;
            }
        }

        return lines;
    }

    /// <summary>Reads beside a writer that has the file open.</summary>
    private static IEnumerable<string> ReadShared(string path)
    {
        using var file = new StreamReader(new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite));
        while (file.ReadLine() is { } line)
        {
            if (line.Length > 0)
            {
                yield return line;
            }
        }
    }

    private static string Text(JsonElement line, string name) => line.GetProperty(name).GetString() ?? "";

    private static ImmutableSortedDictionary<string, double> Numbers(JsonElement line) =>
        line.EnumerateObject()
            .Where(p => p.Value.ValueKind == JsonValueKind.Number)
            .ToImmutableSortedDictionary(p => p.Name, p => p.Value.GetDouble(), StringComparer.Ordinal);
}
