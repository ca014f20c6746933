using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Nodes;
using ICPO.Actors.Contracts.Rollouts;

namespace ICPO.Actors.Engines.Remote;

/// <summary>Reads the answers of inference servers, and writes arrays for requests.</summary>
internal static class JsonAnswers
{
    /// <exception cref="InvalidDataException">The text is not JSON.</exception>
    public static JsonElement Parse(string text)
    {
        try
        {
            using var document = JsonDocument.Parse(text);
            return document.RootElement.Clone();
        }
        catch (JsonException error)
        {
            throw new InvalidDataException($"The answer is not JSON: {Short(text)}", error);
        }
    }

    /// <exception cref="InvalidDataException">The member is missing, or of another kind.</exception>
    public static JsonElement Get(this JsonElement answer, string name, JsonValueKind kind) =>
        answer.ValueKind == JsonValueKind.Object && answer.TryGetProperty(name, out JsonElement value) && value.ValueKind == kind
            ? value
            : throw new InvalidDataException($"The answer has no {kind.ToString().ToLowerInvariant()} '{name}'.");

    /// <exception cref="InvalidDataException">The array is empty.</exception>
    public static JsonElement First(this JsonElement array, string name) =>
        array.GetArrayLength() > 0 ? array[0] : throw new InvalidDataException($"The answer has an empty array '{name}'.");

    /// <exception cref="InvalidDataException">It is not a whole number.</exception>
    public static int Id(this JsonElement value) =>
        value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out int id)
            ? id
            : throw new InvalidDataException($"The answer has {Short(value.GetRawText())} in place of a token id.");

    /// <exception cref="InvalidDataException">It is not a number.</exception>
    public static float LogProb(this JsonElement value) =>
        value.ValueKind == JsonValueKind.Number && value.TryGetSingle(out float logProb)
            ? logProb
            : throw new InvalidDataException($"The answer has {Short(value.GetRawText())} in place of a log-probability.");

    /// <summary>A reason that a sequence ended; null for one that leaves it incomplete.</summary>
    public static FinishReason? Finish(this JsonElement reason) =>
        reason.GetString() switch
        {
            "stop" or "eos" or "word" => FinishReason.Stop,
            "length" or "limit" => FinishReason.Length,
            _ => null,
        };

    public static JsonArray Array(ImmutableArray<int> ids) => [.. ids.Select(id => (JsonNode)id)];

    public static JsonArray Array(ImmutableArray<string> texts) => [.. texts.Select(text => (JsonNode)text)];

    private static string Short(string text) => text.ReplaceLineEndings(" ").Trim() is { Length: > 60 } line ? $"{line[..60]}…" : text;
}
