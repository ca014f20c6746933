using System.Collections.Immutable;
using System.Text.Json;
using ICPO.Actors.Algorithm.Batches;
using ICPO.Actors.RunFiles.Directories;

namespace ICPO.Actors.RunFiles.History;

/// <summary>What a run directory records of its run; what is missing is empty.</summary>
public sealed record RunHistory
{
    public RunSummary? Summary { get; init; }

    /// <summary>By update; where a recovery repeated an update, its last line counts.</summary>
    public required ImmutableArray<UpdateLine> Updates { get; init; }

    public required ImmutableArray<EvaluationLine> Evaluations { get; init; }

    public required ImmutableArray<SampleLine> Samples { get; init; }

    /// <summary>Incomplete lines (the process was killed while it wrote).</summary>
    public required int BrokenLines { get; init; }

    /// <exception cref="IOException">The directory is missing or cannot be read; names it.</exception>
    public static RunHistory Read(string runDirectory)
    {
        if (!Directory.Exists(runDirectory))
        {
            throw new DirectoryNotFoundException($"{runDirectory}: no such run directory.");
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
                updates[update] = new UpdateLine(update, seconds, MetricNames.Current(Numbers(line).RemoveRange(["update", "seconds"])));
            }
        }

        ImmutableArray<SampleLine> samples =
        [
            .. Lines(Path.Combine(runDirectory, "samples.jsonl"), ref broken)
                .Select(line => new SampleLine
                {
                    Update = line.GetProperty("update").GetInt64(),
                    Origin = Text(line, "origin"),
                    Question = Text(line, "question"),
                    Response = Text(line, "response"),
                    Verdict = Text(line, "verdict"),
                    Reward = line.GetProperty("reward") is { ValueKind: JsonValueKind.Number } reward ? reward.GetDouble() : null,
                    Advantage = line.GetProperty("advantage").GetDouble(),
                }),
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

    /// <summary>The values of a metric by update, under its current name; empty where no update has it.</summary>
    public ImmutableArray<(long Update, double Value)> Series(string metric) =>
        [.. Updates.Where(u => u.Values.ContainsKey(metric)).Select(u => (u.Update, u.Values[metric]))];

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

    /// <summary>Reads while a writer may have the file open.</summary>
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
