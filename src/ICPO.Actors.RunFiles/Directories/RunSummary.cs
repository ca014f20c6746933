using System.Text.Json.Serialization;

namespace ICPO.Actors.RunFiles.Directories;

/// <summary>The content of <c>summary.json</c>. Accuracies are zero-shot, held out, sampled at T = 1.</summary>
public sealed record RunSummary
{
    [JsonPropertyName("preset")]
    public required string Preset { get; init; }

    [JsonPropertyName("task")]
    public required string Task { get; init; }

    [JsonPropertyName("seed")]
    public required ulong Seed { get; init; }

    /// <summary><c>completed</c>, <c>stopped</c> or <c>failed</c>.</summary>
    [JsonPropertyName("state")]
    public required string State { get; init; }

    [JsonPropertyName("accuracy_before")]
    public double? AccuracyBefore { get; init; }

    [JsonPropertyName("accuracy_after")]
    public double? AccuracyAfter { get; init; }

    /// <summary>Accuracy after training split by tag, e.g. <c>hard=2</c>.</summary>
    [JsonPropertyName("accuracy_after_by_tag")]
    public IReadOnlyDictionary<string, double> AccuracyAfterByTag { get; init; } = new Dictionary<string, double>();

    /// <summary>Questions of an evaluation.</summary>
    [JsonPropertyName("questions")]
    public required int Questions { get; init; }

    [JsonPropertyName("updates")]
    public required long Updates { get; init; }

    /// <summary>Wall time of the run in seconds, all starts together.</summary>
    [JsonPropertyName("seconds")]
    public required double Seconds { get; init; }

    [JsonPropertyName("tokens_generated")]
    public required long TokensGenerated { get; init; }

    [JsonPropertyName("tokens_trained")]
    public required long TokensTrained { get; init; }

    /// <summary>Peak resident memory of the process in bytes; 0 in summaries of earlier versions.</summary>
    [JsonPropertyName("peak_memory_bytes")]
    public long PeakMemoryBytes { get; init; }

    [JsonPropertyName("groups_admitted")]
    public required long GroupsAdmitted { get; init; }

    [JsonPropertyName("groups_rejected")]
    public required long GroupsRejected { get; init; }

    [JsonPropertyName("ledger_closes")]
    public required bool LedgerCloses { get; init; }

    /// <summary>Signs that the run did not learn, as the health rules reported them since it was last started.</summary>
    [JsonPropertyName("health")]
    public IReadOnlyList<SummaryFinding> Health { get; init; } = [];

    /// <summary>The health rule that stopped the run (<c>run.health = stop</c>); null if none did.</summary>
    [JsonPropertyName("stopped_by")]
    public string? StoppedBy { get; init; }

    /// <summary>
    /// Why a stopped run has not waited for its own end, and so may have no checkpoint of its last update; what is committed is kept. Null
    /// after a complete stop.
    /// </summary>
    [JsonPropertyName("stop_incomplete")]
    public string? StopIncomplete { get; init; }

    /// <summary>The trained model, relative to the run's directory; null if there is no checkpoint.</summary>
    [JsonPropertyName("model")]
    public string? Model { get; init; }

    [JsonPropertyName("error")]
    public string? Error { get; init; }
}
