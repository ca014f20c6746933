using System.Text.Json.Serialization;

namespace ICPO.Actors.RunFiles.History;

/// <summary>Something that happened to a run, in <c>events.jsonl</c>.</summary>
/// <param name="Time">When.</param>
/// <param name="Kind">One of <see cref="EventKinds"/>.</param>
/// <param name="Update">Committed updates at that time, as far as they were known.</param>
/// <param name="Text">A sentence.</param>
public sealed record EventLine(DateTimeOffset Time, string Kind, long Update, string Text);

/// <summary>The kinds of <see cref="EventLine"/>.</summary>
public static class EventKinds
{
    /// <summary>The run was created.</summary>
    public const string Started = "started";

    /// <summary>It was resumed.</summary>
    public const string Resumed = "resumed";

    /// <summary>A key was changed when it was resumed.</summary>
    public const string KeyChanged = "key-changed";

    /// <summary>An input had changed when it was resumed, and that was accepted.</summary>
    public const string InputChanged = "input-changed";

    /// <summary>A health rule reported something.</summary>
    public const string Health = "health";

    /// <summary>An engine or a verifier has failed and is started again.</summary>
    public const string WorkerFault = "worker-fault";
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(EventLine))]
internal sealed partial class EventLineJson : JsonSerializerContext;
