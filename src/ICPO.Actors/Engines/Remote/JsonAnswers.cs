using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Nodes;
using ICPO.Actors.Contracts.Rollouts;

namespace ICPO.Actors.Engines.Remote;

/// <summary>Reads the answers of inference servers, and writes arrays for requests.</summary>
internal static class JsonAnswers
{
    /// <exception cref="InvalidDataException">There is no such member of this kind.</exception>
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
            : throw new InvalidDataException($"The answer has {Short(value)} in place of a token id.");

    /// <exception cref="InvalidDataException">It is not a number.</exception>
    public static float LogProb(this JsonElement value) =>
        value.ValueKind == JsonValueKind.Number && value.TryGetSingle(out float logProb)
            ? logProb
            : throw new InvalidDataException($"The answer has {Short(value)} in place of a log-probability.");

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

    private static string Short(JsonElement value) => value.GetRawText() is { Length: > 60 } text ? $"{text[..60]}…" : value.GetRawText();
}
