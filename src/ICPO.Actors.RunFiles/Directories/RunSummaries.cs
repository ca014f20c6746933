using System.Text.Json;
using System.Text.Json.Serialization;

namespace ICPO.Actors.RunFiles.Directories;

/// <summary>Writes and reads <c>summary.json</c>.</summary>
public static class RunSummaries
{
    /// <summary>Temporary file and rename: a reader sees the old summary or the new one.</summary>
    public static void Write(RunDirectory directory, RunSummary summary)
    {
        string temporary = $"{directory.Summary}.tmp";
        File.WriteAllText(temporary, JsonSerializer.Serialize(summary, SummaryJson.Default.RunSummary) + "\n");
        File.Move(temporary, directory.Summary, overwrite: true);
    }

    /// <summary>The summary in a run directory, or null if none has been written yet.</summary>
    /// <exception cref="InvalidDataException">The file is not a summary; names it.</exception>
    public static RunSummary? Read(RunDirectory directory)
    {
        if (!File.Exists(directory.Summary))
        {
            return null;
        }

        try
        {
            RunSummary summary = JsonSerializer.Deserialize(File.ReadAllText(directory.Summary), SummaryJson.Default.RunSummary)
                ?? throw new JsonException("it is null");
            return IsPlausible(summary) ? summary : throw new JsonException("a number is out of range");
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or FormatException)
        {
            throw new InvalidDataException(
                $"{directory.Summary}: not a run summary ({e.Message.Split('\n')[0]}); " + "remove the file, or resume the run to its end.",
                e
            );
        }
    }

    private static bool IsPlausible(RunSummary summary) =>
        double.IsFinite(summary.Seconds)
        && double.IsFinite(summary.AccuracyBefore ?? 0)
        && double.IsFinite(summary.AccuracyAfter ?? 0)
        && summary.AccuracyAfterByTag.Values.All(double.IsFinite)
        && summary is { Updates: >= 0, Questions: >= 0 };
}

[JsonSourceGenerationOptions(WriteIndented = true, RespectNullableAnnotations = true)]
[JsonSerializable(typeof(RunSummary))]
internal sealed partial class SummaryJson : JsonSerializerContext;
