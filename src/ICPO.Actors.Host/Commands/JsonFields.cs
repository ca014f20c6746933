using System.Text.Json.Nodes;

namespace ICPO.Actors.Host.Commands;

/// <summary>Reads the fields of a line of JSON input.</summary>
internal static class JsonFields
{
    /// <summary>Rejects unknown keys, so that a misspelled optional key is not ignored.</summary>
    /// <exception cref="InvalidDataException">A key is unknown.</exception>
    public static void RequireKnown(JsonObject line, params ReadOnlySpan<string> known)
    {
        foreach ((string? key, JsonNode? _) in line)
        {
            if (!known.Contains(key))
            {
                throw new InvalidDataException($"unknown key '{key}'; known keys are {string.Join(", ", known)}.");
            }
        }
    }

    /// <summary>The value of a key; null if it is absent or null.</summary>
    /// <param name="kind">What the value must be, for the error message.</param>
    /// <exception cref="InvalidDataException">The value is of another type.</exception>
    public static T? Get<T>(JsonObject line, string key, string kind)
    {
        JsonNode? node = line[key];
        return node switch
        {
            null => default,
            T already => already,
            JsonValue value when value.TryGetValue(out T? read) => read,
            _ => throw new InvalidDataException($"{key} must be {kind}."),
        };
    }

    /// <summary>A list of token ids; null if the key is absent.</summary>
    /// <exception cref="InvalidDataException">The value is not a list of token ids.</exception>
    public static int[]? GetTokenIds(JsonObject line, string key)
    {
        const string Kind = "an array of token ids";
        return Get<JsonArray>(line, key, Kind) is { } array
            ?
            [
                .. array.Select(i =>
                    i is JsonValue value && value.TryGetValue(out int id) ? id : throw new InvalidDataException($"{key} must be {Kind}.")
                ),
            ]
            : null;
    }
}
