using System.Collections.Immutable;
using ICPO.Actors.RunFiles.Directories;

namespace ICPO.Actors.RunFiles.History;

/// <summary>The records of a run directory; missing ones are empty.</summary>
public sealed record RunHistory
{
    public RunSummary? Summary { get; init; }

    /// <summary>By update; if a recovery repeated an update, its last line is used.</summary>
    public required ImmutableArray<UpdateLine> Updates { get; init; }

    public required ImmutableArray<EvaluationLine> Evaluations { get; init; }

    public required ImmutableArray<SampleLine> Samples { get; init; }

    /// <summary>The events of the run; empty for runs of earlier versions.</summary>
    public ImmutableArray<EventLine> Events { get; init; } = [];

    /// <summary>Lines that are incomplete (the process was killed while it wrote) or of another shape.</summary>
    public required int BrokenLines { get; init; }

    /// <exception cref="IOException">The directory is missing or cannot be read; names it.</exception>
    /// <exception cref="InvalidDataException">The summary cannot be read; names it.</exception>
    public static RunHistory Read(string runDirectory)
    {
        if (!Directory.Exists(runDirectory))
        {
            throw new DirectoryNotFoundException($"{runDirectory}: no such run directory.");
        }

        int broken = 0;
        SortedDictionary<long, UpdateLine> updates = [];
        SortedDictionary<long, EvaluationLine> evaluations = [];
        foreach (object? line in HistoryReader.Lines(Path.Combine(runDirectory, "metrics.jsonl"), HistoryReader.Metric))
        {
            switch (line)
            {
                case EvaluationLine evaluation:
                    evaluations[evaluation.Update] = evaluation;
                    break;
                case UpdateLine update:
                    updates[update.Update] = update;
                    break;
                default:
                    broken++;
                    break;
            }
        }

        SampleLine?[] samples = [.. HistoryReader.Lines(Path.Combine(runDirectory, "samples.jsonl"), HistoryReader.Sample)];
        broken += samples.Count(sample => sample is null);
        return new RunHistory
        {
            Summary = RunSummaries.Read(new RunDirectory(runDirectory)),
            Updates = [.. updates.Values],
            Evaluations = [.. evaluations.Values],
            Samples = [.. samples.OfType<SampleLine>()],
            Events = RunEventLog.Read(new RunDirectory(runDirectory)),
            BrokenLines = broken,
        };
    }

    /// <summary>The values of a metric by update, under its current name; empty if no update has it.</summary>
    public ImmutableArray<(long Update, double Value)> Series(string metric) =>
        [.. Updates.Where(u => u.Values.ContainsKey(metric)).Select(u => (u.Update, u.Values[metric]))];
}
