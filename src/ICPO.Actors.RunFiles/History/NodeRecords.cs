using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Serialization;
using ICPO.Actors.RunFiles.Directories;

namespace ICPO.Actors.RunFiles.History;

/// <summary>A node that takes part in a run, or has taken part in this start of it.</summary>
public sealed record NodeRecord
{
    public required string Name { get; init; }

    /// <summary>Its roles: <c>rollout</c>, <c>expert</c>, <c>verifier</c>.</summary>
    public required ImmutableArray<string> Roles { get; init; }

    /// <summary>Its device, e.g. <c>cpu</c>.</summary>
    public required string Device { get; init; }

    /// <summary>Sequences that its engines run at once.</summary>
    public required int Slots { get; init; }

    /// <summary>The oldest weights that one of its engines has loaded, in updates.</summary>
    public required long Version { get; init; }

    /// <summary>Leases that it has.</summary>
    public required int Leases { get; init; }

    /// <summary>Rollouts that it has delivered since it joined, repetitions included.</summary>
    public required long Rollouts { get; init; }

    /// <summary>Cases that it has judged since it joined, repetitions included.</summary>
    public required long Cases { get; init; }

    /// <summary>Faults of its engines and of its verifier.</summary>
    public long Faults { get; init; }

    /// <summary>The message of the last one; null without any.</summary>
    public string? LastFault { get; init; }

    public required DateTimeOffset Joined { get; init; }

    /// <summary>When it left or was lost; null while it takes part.</summary>
    public DateTimeOffset? Left { get; init; }
}

/// <summary>The content of <c>nodes.json</c>: the nodes of a run at one moment, in the order in which they joined.</summary>
/// <param name="Time">When.</param>
/// <param name="Update">The newest published weights at that time, in updates.</param>
/// <param name="Nodes">Those that take part, and those that have left since the run was started or resumed.</param>
public sealed record NodeRecords(DateTimeOffset Time, long Update, ImmutableArray<NodeRecord> Nodes)
{
    /// <summary>As it is stored.</summary>
    public string ToJson() => JsonSerializer.Serialize(this, NodeRecordsJson.Default.NodeRecords);

    /// <summary>Temporary file and rename: a reader sees the previous records or these.</summary>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public void Write(RunDirectory directory)
    {
        ArgumentNullException.ThrowIfNull(directory);
        string temporary = $"{directory.Nodes}.tmp";
        File.WriteAllText(temporary, ToJson() + "\n");
        File.Move(temporary, directory.Nodes, overwrite: true);
    }

    /// <summary>The records of a run; null if it has none, such as a run of an earlier version.</summary>
    /// <exception cref="InvalidDataException">The file has other content; names it.</exception>
    public static NodeRecords? Read(RunDirectory directory)
    {
        ArgumentNullException.ThrowIfNull(directory);
        if (!File.Exists(directory.Nodes))
        {
            return null;
        }

        try
        {
            return
                JsonSerializer.Deserialize(File.ReadAllText(directory.Nodes), NodeRecordsJson.Default.NodeRecords) is { } read
                && !read.Nodes.IsDefault
                && read.Nodes.All(node => node is not null && !node.Roles.IsDefault)
                ? read
                : throw new JsonException("a part is missing");
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException or FormatException)
        {
            throw new InvalidDataException(
                $"{directory.Nodes}: not the nodes of a run ({error.Message.Split('\n')[0]}); remove the file, the run writes it again.",
                error
            );
        }
    }
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, RespectNullableAnnotations = true)]
[JsonSerializable(typeof(NodeRecords))]
internal sealed partial class NodeRecordsJson : JsonSerializerContext;
