using System.Text.Json.Serialization;

namespace ICPO.Actors.RunFiles.Directories;

/// <summary>The report of a health rule in <c>summary.json</c>.</summary>
public sealed record SummaryFinding
{
    /// <summary>The rule's name.</summary>
    [JsonPropertyName("rule")]
    public required string Rule { get; init; }

    /// <summary>The update after which it was first seen.</summary>
    [JsonPropertyName("since")]
    public required long Since { get; init; }

    /// <summary>The update after which it was last seen.</summary>
    [JsonPropertyName("until")]
    public required long Until { get; init; }

    /// <summary>The problem.</summary>
    [JsonPropertyName("problem")]
    public required string Problem { get; init; }

    /// <summary>The suggestion.</summary>
    [JsonPropertyName("advice")]
    public required string Advice { get; init; }
}
