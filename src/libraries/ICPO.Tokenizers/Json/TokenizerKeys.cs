using System.Text.Json;
using ICPO.DataFiles.Json;

namespace ICPO.Tokenizers.Json;

/// <summary>Reads the lists of objects in a tokenizer's files.</summary>
internal static class TokenizerKeys
{
    /// <exception cref="InvalidDataException">The key is missing or is not a list of objects; names it.</exception>
    public static IEnumerable<JsonKeys> List(this JsonKeys keys, string key) =>
        keys.Find(key) switch
        {
            { ValueKind: JsonValueKind.Array } list => list.EnumerateArray()
                .Select(
                    (e, i) =>
                        e.ValueKind == JsonValueKind.Object
                            ? new JsonKeys(keys.Path, $"{keys.Prefix}{key}[{i}].", e)
                            : throw keys.Bad($"{key}[{i}]", "must be an object")
                ),
            null => throw keys.Bad(key, "is missing"),
            _ => throw keys.Bad(key, "must be a list"),
        };
}
