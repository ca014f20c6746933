using System.Text.Json;
using System.Text.Json.Serialization;

namespace ICPO.Actors.Soak.Clusters;

/// <summary>A run, its faults and what became of it; one line of a record file.</summary>
internal sealed record ClusterRunRecord
{
    private static readonly JsonSerializerOptions Json = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        Converters = { new JsonStringEnumConverter() },
    };

    /// <summary>The options of the call that made it.</summary>
    public required string Command { get; init; }

    /// <summary>Seed of the run.</summary>
    public required int Seed { get; init; }

    public required IReadOnlyList<ClusterFault> Faults { get; init; }

    /// <summary>Cores that the run has had.</summary>
    public required int Starts { get; init; }

    /// <summary>Committed updates.</summary>
    public required long Updates { get; init; }

    public required int Admitted { get; init; }

    /// <summary>Admitted groups that are lost.</summary>
    public required int Lost { get; init; }

    /// <summary>Groups that were trained on more than once.</summary>
    public required int TrainedTwice { get; init; }

    public required bool LedgerCloses { get; init; }

    /// <summary>Rollouts that the ledger accounts for.</summary>
    public required long Rollouts { get; init; }

    /// <summary>Rollouts that were leased once more.</summary>
    public required long LeasedAgain { get; init; }

    /// <summary>Seconds from when all processes worked to the run's end, and the updates in that time.</summary>
    public required double Seconds { get; init; }

    public required long SecondsUpdates { get; init; }

    /// <summary>The longest time between two renewals of a core's lease, in seconds; 0 in records of earlier versions.</summary>
    public double LongestLeaseGap { get; init; }

    /// <summary>All inconsistencies.</summary>
    public required IReadOnlyList<string> Findings { get; init; }

    [JsonIgnore]
    public bool Holds => Findings.Count == 0 && Lost == 0 && TrainedTwice == 0 && LedgerCloses;

    public void AppendTo(string path) => File.AppendAllText(path, JsonSerializer.Serialize(this, Json) + "\n");

    public static IReadOnlyList<ClusterRunRecord> ReadAll(string path) =>
        [.. File.ReadLines(path).Select(line => JsonSerializer.Deserialize<ClusterRunRecord>(line, Json)!)];
}
