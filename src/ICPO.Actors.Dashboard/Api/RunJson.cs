using System.Text.Json.Nodes;
using ICPO.Actors.Configuration.Settings;
using ICPO.Actors.Dashboard.Reading;
using ICPO.Actors.RunFiles;
using ICPO.Actors.RunFiles.Directories;
using ICPO.Actors.RunFiles.History;

namespace ICPO.Actors.Dashboard.Api;

/// <summary>A run in lists and its overview.</summary>
internal static class RunJson
{
    /// <summary>The time left is estimated from so many of the last updates.</summary>
    private const int RecentUpdates = 20;

    /// <summary>Metrics that the overview shows.</summary>
    private static readonly string[] Shown =
    [
        "reward/mean",
        "frac_reward_zero_std",
        "entropy",
        "kl",
        "grad_norm",
        "staleness/mean",
        "completions/mean_length",
        "completions/clipped_ratio",
        "expert/acceptance_rate",
        "tokens/generated_per_second",
        "tokens/trained_per_second",
    ];

    public static JsonObject Create(RunSource run)
    {
        var json = new JsonObject
        {
            ["id"] = run.Id,
            ["directory"] = run.Location,
            ["on_server"] = run.IsOnServer,
        };
        List<string> problems = [];
        RunSummary? summary = Try(() => run.Summary, problems);
        (RunState state, RunOwner? owner) = run.State(summary);
        json["state"] = Json.Name(state);
        json["process"] = owner?.Process;
        json["host"] = owner?.Host;
        json["core"] = run.Core;
        json["seen"] = owner?.Seen.ToString("u");
        RunSettings? settings = Try(() => run.Settings, problems);
        AddSettings(json, settings);
        AddMetrics(json, Try(() => run.Metrics, problems), state == RunState.Running ? settings?.Updates : null);
        json["error"] = state == RunState.Failed ? summary?.Error : null;
        json["stopped_by"] = state == RunState.Running ? null : summary?.StoppedBy;
        json["stop_incomplete"] = state == RunState.Running ? null : summary?.StopIncomplete;
        json["peak_memory_bytes"] = summary?.PeakMemoryBytes;
        json["problems"] = Json.Array(problems, problem => JsonValue.Create(problem));
        return json;
    }

    /// <summary>An event of the run.</summary>
    public static JsonObject ToJson(EventLine line) =>
        new()
        {
            ["time"] = line.Time.ToString("u"),
            ["kind"] = line.Kind,
            ["update"] = line.Update,
            ["text"] = line.Text,
        };

    private static void AddSettings(JsonObject json, RunSettings? settings)
    {
        json["name"] = settings?.Name;
        json["preset"] = settings?.Preset;
        json["task"] = settings?.Task.Name;
        json["seed"] = settings?.Seed;
        json["updates"] = settings?.Updates;
        json["run_id"] = settings?.RunId;
        json["max_staleness"] = settings?.Admission.MaxStaleness;
        json["group_size"] = settings is null ? null : settings.Group.PolicyRollouts + settings.Group.ExpertRollouts;
    }

    /// <param name="json">Gets the metrics.</param>
    /// <param name="metrics">Null if they cannot be read.</param>
    /// <param name="updates">The updates that an active run will make; null for other runs.</param>
    private static void AddMetrics(JsonObject json, MetricColumns? metrics, long? updates)
    {
        if (metrics is null)
        {
            return;
        }

        long update = metrics.Updates is [.., long last] ? last : 0;
        json["update"] = update;
        json["seconds"] = Json.Number(metrics.Seconds is [.., double seconds] ? seconds : null);
        json["broken_lines"] = metrics.BrokenLines;
        json["metrics"] = new JsonObject(Shown.Select(name => KeyValuePair.Create(name, Json.Number(metrics.Last(name)))));
        json["accuracy_before"] = Json.Number(metrics.Evaluations.FirstOrDefault(line => line.Update == 0)?.Accuracy);
        json["accuracy"] = Json.Number(metrics.Evaluations.LastOrDefault()?.Accuracy);
        json["accuracy_at"] = metrics.Evaluations.LastOrDefault()?.Update;
        json["seconds_left"] = updates is { } all ? Left(metrics, all - update) : null;
    }

    private static JsonNode? Left(MetricColumns metrics, long updates)
    {
        int count = metrics.Seconds.Count;
        int first = Math.Max(0, count - 1 - RecentUpdates);
        return count < 2 || updates < 0
            ? null
            : Json.Number(updates * Math.Max(0, metrics.Seconds[^1] - metrics.Seconds[first]) / (count - 1 - first));
    }

    /// <summary>One unreadable file does not hide the others.</summary>
    private static T? Try<T>(Func<T?> read, List<string> problems)
        where T : class
    {
        try
        {
            return read();
        }
        catch (Exception error) when (ReadErrors.Contains(error))
        {
            problems.Add(error.Message);
            return null;
        }
    }
}
