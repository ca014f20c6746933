using System.Text.Json;

namespace ICPO.DataFiles.Json;

/// <summary>
/// The keys of one JSON object. A key whose value is null counts as absent. Every typed accessor throws <see cref="InvalidDataException"/>
/// with file and key if the value has another type.
/// </summary>
/// <param name="Path">The file, for errors.</param>
/// <param name="Prefix">The dotted path to this object, empty or ending with a dot.</param>
/// <param name="Value">The object.</param>
public sealed record JsonKeys(string Path, string Prefix, JsonElement Value)
{
    /// <summary>The value of a key; null if absent.</summary>
    public JsonElement? Find(string key) =>
        Value.TryGetProperty(key, out JsonElement value) && value.ValueKind != JsonValueKind.Null ? value : null;

    /// <summary>True if the key is present with the value null.</summary>
    public bool IsNull(string key) => Value.TryGetProperty(key, out JsonElement value) && value.ValueKind == JsonValueKind.Null;

    /// <summary>A nested object; null if absent.</summary>
    public JsonKeys? Object(string key) =>
        Find(key) switch
        {
            null => null,
            { ValueKind: JsonValueKind.Object } value => new(Path, $"{Prefix}{key}.", value),
            _ => throw Bad(key, "must be an object"),
        };

    /// <summary>A string; null if absent.</summary>
    public string? Text(string key) =>
        Find(key) switch
        {
            null => null,
            { ValueKind: JsonValueKind.String } value => value.GetString(),
            _ => throw Bad(key, "must be a string"),
        };

    /// <summary>A boolean; null if absent.</summary>
    public bool? Flag(string key) =>
        Find(key) switch
        {
            null => null,
            { ValueKind: JsonValueKind.True or JsonValueKind.False } value => value.GetBoolean(),
            _ => throw Bad(key, "must be true or false"),
        };

    /// <summary>A positive finite number; null if absent.</summary>
    public double? Number(string key) =>
        Find(key) switch
        {
            null => null,
            { ValueKind: JsonValueKind.Number } value when value.GetDouble() is > 0 and < double.PositiveInfinity and var number => number,
            _ => throw Bad(key, "must be a positive number"),
        };

    /// <summary>An integer of at least 1; <paramref name="otherwise"/> if absent, an error if that is null.</summary>
    public int Count(string key, int? otherwise = null) =>
        Find(key) switch
        {
            null => otherwise ?? throw Bad(key, "is missing"),
            { ValueKind: JsonValueKind.Number } value when value.TryGetInt32(out int count) && count > 0 => count,
            var value => throw Bad(key, $"must be a whole number above 0, not {value}"),
        };

    /// <summary>A token id or a list of them; empty if absent.</summary>
    public int[] Integers(string key) =>
        Find(key) switch
        {
            null => [],
            { ValueKind: JsonValueKind.Number } value when value.TryGetInt32(out int one) => [one],
            { ValueKind: JsonValueKind.Array } values
                when values.EnumerateArray().All(v => v.ValueKind == JsonValueKind.Number && v.TryGetInt32(out _)) =>
            [
                .. values.EnumerateArray().Select(v => v.GetInt32()),
            ],
            _ => throw Bad(key, "must be a token id or a list of them"),
        };

    /// <summary>Throws unless the key is absent or has this value.</summary>
    public void Expect(string key, object value)
    {
        if (Find(key) is { } found && found.ToString() != value.ToString())
        {
            throw Bad(key, $"'{found}' is not supported, only '{value}' is");
        }
    }

    /// <summary>A one-line error about a key, however long the file's value is.</summary>
    public InvalidDataException Bad(string key, string what) => new($"{Path}: {OneLine.Of($"{Prefix}{key} {what}")}.");
}
