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

    /// <summary>The summary in a run directory, or null where none has been written yet.</summary>
    /// <exception cref="InvalidDataException">The file is not a summary; names it.</exception>
    public static RunSummary? Read(RunDirectory directory)
    {
        if (!File.Exists(directory.Summary))
        {
            return null;
        }

        try
        {
            return JsonSerializer.Deserialize(File.ReadAllText(directory.Summary), SummaryJson.Default.RunSummary)
                ?? throw new JsonException("it is null");
        }
        catch (JsonException e)
        {
            throw new InvalidDataException(
                $"{directory.Summary}: not a run summary ({e.Message}); remove the file or finish the run with train --resume.",
                e
            );
        }
    }
}

[JsonSourceGenerationOptions(WriteIndented = true)]
[JsonSerializable(typeof(RunSummary))]
internal sealed partial class SummaryJson : JsonSerializerContext;
