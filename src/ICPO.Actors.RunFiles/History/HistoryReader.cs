using System.Collections.Immutable;
using System.Text.Json;
using ICPO.Actors.Algorithm.Batches;

namespace ICPO.Actors.RunFiles.History;

/// <summary>
/// Reads lines of <c>metrics.jsonl</c> and <c>samples.jsonl</c>. A process that is killed leaves half a line, and a damaged disk anything:
/// a line that is not one of the expected shape is broken, and the others count.
/// </summary>
internal static class HistoryReader
{
    /// <summary>Longer than any run; an overlong number would not be a time span.</summary>
    private const double MaxSeconds = 1e10;

    /// <summary>A file with more broken lines was not written by a run; reading it completely would take long.</summary>
    private const int MaxBroken = 1000;

    /// <summary>The lines of a file; null for each that is broken.</summary>
    /// <param name="path">A file that need not exist; a writer may have it open.</param>
    /// <param name="read">Reads one line, see below.</param>
    /// <exception cref="InvalidDataException">So many lines are broken that it is another file.</exception>
    public static IEnumerable<T?> Lines<T>(string path, Func<JsonElement, T> read)
        where T : class
    {
        if (!File.Exists(path))
        {
            yield break;
        }

        using var file = new StreamReader(new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete));
        int broken = 0;
        while (file.ReadLine() is { } line)
        {
            if (line.Length == 0)
            {
                continue;
            }

            T? parsed = Parse(line, read);
            broken += parsed is null ? 1 : 0;
            yield return broken <= MaxBroken
                ? parsed
                : throw new InvalidDataException(
                    $"{path}: more than {MaxBroken} lines are broken; restore the file from a copy or delete it."
                );
        }
    }

    /// <summary>A line of <c>metrics.jsonl</c>: an <see cref="UpdateLine"/> or an <see cref="EvaluationLine"/>.</summary>
    /// <exception cref="FormatException">It is of another shape.</exception>
    public static object Metric(JsonElement line)
    {
        (long update, double seconds) = (Count(line, "update"), Number(line, "seconds"));
        if (seconds is < 0 or > MaxSeconds)
        {
            throw new FormatException("seconds is not a duration");
        }

        if (Text(line, "kind") != "evaluation")
        {
            return new UpdateLine(update, seconds, Metrics(line));
        }

        (double accuracy, int questions) = (Number(line, "accuracy"), line.GetProperty("questions").GetInt32());
        return accuracy is >= 0 and <= 1 && questions > 0
            ? new EvaluationLine(update, seconds, accuracy, questions, Numbers(line.GetProperty("by_tag")).ToImmutable())
            : throw new FormatException("accuracy is not a share of questions");
    }

    /// <summary>A line of <c>samples.jsonl</c>.</summary>
    /// <exception cref="FormatException">It is of another shape.</exception>
    public static SampleLine Sample(JsonElement line) =>
        new()
        {
            Update = Count(line, "update"),
            Origin = Text(line, "origin"),
            Question = Text(line, "question"),
            Response = Text(line, "response"),
            Verdict = Text(line, "verdict"),
            Reward = line.GetProperty("reward") is { ValueKind: JsonValueKind.Number } reward ? Finite(reward.GetDouble()) : null,
            Advantage = Number(line, "advantage"),
        };

    private static T? Parse<T>(string line, Func<JsonElement, T> read)
        where T : class
    {
        try
        {
            using var document = JsonDocument.Parse(line);
            return read(document.RootElement);
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException or FormatException or KeyNotFoundException)
        {
            // Not JSON, a value of another type, a number out of range, a field that is missing.
            return null;
        }
    }

    private static ImmutableSortedDictionary<string, double> Metrics(JsonElement line)
    {
        ImmutableSortedDictionary<string, double>.Builder metrics = Numbers(line);
        metrics.RemoveRange(["update", "seconds"]);
        return MetricNames.Current(metrics);
    }

    /// <summary>The numbers of an object; of a repeated key the last.</summary>
    private static ImmutableSortedDictionary<string, double>.Builder Numbers(JsonElement line)
    {
        ImmutableSortedDictionary<string, double>.Builder numbers = ImmutableSortedDictionary.CreateBuilder<string, double>(
            StringComparer.Ordinal
        );
        foreach (JsonProperty property in line.EnumerateObject())
        {
            if (property.Value.ValueKind == JsonValueKind.Number)
            {
                numbers[property.Name] = Finite(property.Value.GetDouble());
            }
        }

        return numbers;
    }

    private static long Count(JsonElement line, string name) =>
        line.GetProperty(name).GetInt64() is >= 0 and var count ? count : throw new FormatException($"{name} is negative");

    private static double Number(JsonElement line, string name) => Finite(line.GetProperty(name).GetDouble());

    private static string Text(JsonElement line, string name) => line.GetProperty(name).GetString() ?? "";

    private static double Finite(double value) => double.IsFinite(value) ? value : throw new FormatException("a number is too large");
}
