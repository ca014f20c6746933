using System.Text.Json.Nodes;
using ICPO.Actors.Configuration.Settings;
using Microsoft.Extensions.Logging;

namespace ICPO.Actors.Hosting;

/// <summary>A message of a run's log.</summary>
internal sealed record RunLogEntry(DateTimeOffset Time, LogLevel Level, string Category, string Message, Exception? Error);

/// <summary>The formats of <c>run.log</c> (<c>telemetry.log-format</c>).</summary>
internal static class RunLogFormats
{
    /// <summary>Formats a message as a line.</summary>
    public static Func<RunLogEntry, string> Create(RunSettings settings) =>
        settings.Telemetry.LogsJson ? entry => Json(settings, entry) : Text;

    private static string Json(RunSettings settings, RunLogEntry entry) =>
        new JsonObject
        {
            ["time"] = entry.Time.ToString("O"),
            ["level"] = entry.Level.ToString().ToLowerInvariant(),
            ["node"] = settings.Cluster.Name.Length > 0 ? settings.Cluster.Name : $"{Environment.MachineName}-{Environment.ProcessId}",
            ["run"] = settings.RunId,
            ["category"] = entry.Category,
            ["message"] = entry.Message + (entry.Error is { } error ? $": {error}" : ""),
        }.ToJsonString();

    private static string Text(RunLogEntry entry) =>
        $"{entry.Time:O} {entry.Level, -11} {entry.Category} {entry.Message}"
        + (entry.Error is { } error ? Environment.NewLine + error : "");
}
