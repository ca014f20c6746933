using System.Text.Json;
using ICPO.Actors.RunFiles.Directories;

namespace ICPO.Actors.Hosting;

/// <summary>What earlier starts of a run left in its metrics.</summary>
/// <param name="Elapsed">Their wall time.</param>
/// <param name="AccuracyBefore">The accuracy before training, where one of them measured it.</param>
internal sealed record EarlierStarts(TimeSpan Elapsed, double? AccuracyBefore)
{
    /// <summary>The history of a run that has not been started before.</summary>
    public static EarlierStarts Empty { get; } = new(TimeSpan.Zero, null);

    /// <summary>Reads <c>metrics.jsonl</c>; without one nothing has happened before.</summary>
    public static EarlierStarts Read(RunDirectory directory)
    {
        (double seconds, double? before) = (0, null);
        if (File.Exists(directory.Metrics))
        {
            foreach (string line in File.ReadLines(directory.Metrics))
            {
                if (TryParse(line) is not { } document)
                {
                    continue;
                }

                using (document)
                {
                    seconds = Math.Max(seconds, document.RootElement.GetProperty("seconds").GetDouble());
                    if (
                        document.RootElement.TryGetProperty("accuracy", out JsonElement accuracy)
                        && document.RootElement.GetProperty("update").GetInt64() == 0
                    )
                    {
                        before = accuracy.GetDouble();
                    }
                }
            }
        }

        return new EarlierStarts(TimeSpan.FromSeconds(seconds), before);
    }

    /// <summary>Null for a line that was cut off when a process died.</summary>
    private static JsonDocument? TryParse(string line)
    {
        try
        {
            return JsonDocument.Parse(line);
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
