using System.Text.Json;
using ICPO.Actors.RunFiles.Directories;
using ICPO.Actors.RunFiles.History;

namespace ICPO.Actors.RunFiles.Restoring;

/// <summary>Splits the files of a run directory into lines.</summary>
internal static class RunLines
{
    /// <summary>
    /// Configuration, inputs, events and metrics. A line that a crash truncated is skipped, as by every reader of these files.
    /// </summary>
    public static IEnumerable<RunLine> Read(RunDirectory directory)
    {
        string configuration = File.ReadAllText(directory.EffectiveConfiguration);
        yield return new RunLine(RunLineKinds.Configuration, 0, JsonSerializer.Serialize(configuration, LineJson.Default.String));
        if (File.Exists(directory.Inputs))
        {
            yield return new RunLine(RunLineKinds.Inputs, 0, File.ReadAllText(directory.Inputs));
        }

        long last = 0;
        foreach (EventLine happened in RunEventLog.Read(directory))
        {
            RunLine line = Of(happened, last);
            last = line.Number;
            yield return line;
        }

        foreach (RunLine? line in HistoryReader.Lines(directory.Metrics, Metric))
        {
            if (line is not null)
            {
                yield return line;
            }
        }
    }

    /// <summary>An event that follows the one with the number <paramref name="last"/>.</summary>
    public static RunLine Of(EventLine happened, long last) =>
        new(RunLineKinds.Event, Math.Max(happened.Time.UtcTicks, last + 1), RunEventLog.Text(happened));

    private static RunLine Metric(JsonElement line)
    {
        _ = HistoryReader.Metric(line);
        string kind = line.GetProperty("kind").GetString() == RunLineKinds.Evaluation ? RunLineKinds.Evaluation : RunLineKinds.Update;
        return new RunLine(kind, line.GetProperty("update").GetInt64(), line.GetRawText());
    }
}
