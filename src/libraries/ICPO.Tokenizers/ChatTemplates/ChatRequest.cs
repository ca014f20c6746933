using System.Text.Json.Nodes;

namespace ICPO.Tokenizers.ChatTemplates;

/// <summary>A conversation to render.</summary>
/// <param name="Messages">Objects with role, content and other keys that the template reads.</param>
public sealed record ChatRequest(JsonArray Messages)
{
    /// <summary>Tools as JSON schemas; null if there are none.</summary>
    public JsonArray? Tools { get; init; }

    /// <summary>Documents for retrieval; null if there are none.</summary>
    public JsonArray? Documents { get; init; }

    /// <summary>Whether to append the header of the next assistant message.</summary>
    public bool AddGenerationPrompt { get; init; }

    /// <summary>Whether to leave the last message open, so that the model continues it.</summary>
    public bool ContinueFinalMessage { get; init; }

    /// <summary>Further variables of the template, e.g. enable_thinking.</summary>
    public JsonObject Arguments { get; init; } = [];
}
