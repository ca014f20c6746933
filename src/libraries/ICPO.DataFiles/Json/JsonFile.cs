using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Unicode;
using ICPO.DataFiles.Files;

namespace ICPO.DataFiles.Json;

/// <summary>A JSON file whose errors name the file and the key.</summary>
public sealed class JsonFile : IDisposable
{
    private const long Longest = 1 << 30;

    private readonly JsonDocument _document;

    private JsonFile(string path, JsonDocument document)
    {
        this._document = document;
        Keys =
            document.RootElement.ValueKind == JsonValueKind.Object
                ? new(path, "", document.RootElement)
                : throw new InvalidDataException($"{path} must hold one JSON object.");
    }

    public JsonKeys Keys { get; }

    /// <exception cref="InvalidDataException">It is absent or not JSON; names the file and the place.</exception>
    public static JsonFile Open(string path)
    {
        using FileStream file = ModelFile.Open(path);
        if (file.Length > Longest)
        {
            throw new InvalidDataException(
                $"{path} has {file.Length} bytes, more than the {Longest} that a JSON file of a model may have."
            );
        }

        byte[] text = new byte[file.Length];
        file.ReadExactly(text);
        return Parse(path, text);
    }

    /// <param name="path">What errors call it.</param>
    /// <param name="text">UTF-8.</param>
    /// <exception cref="InvalidDataException">It is not JSON; names the place.</exception>
    public static JsonFile Parse(string path, byte[] text)
    {
        try
        {
            if (!Utf8.IsValid(text))
            {
                throw new InvalidDataException($"{path} is not valid JSON: it is not UTF-8. Fetch or write it again.");
            }

            var document = JsonDocument.Parse(text);
            CheckSurrogates(path, text);
            return new(path, document);
        }
        catch (JsonException e)
        {
            throw new InvalidDataException(
                $"{path} is not valid JSON at line {e.LineNumber + 1}, byte {e.BytePositionInLine}: fetch or write it again.",
                e
            );
        }
    }

    /// <summary>An escape may write half of a surrogate pair, which is found when the text is asked for: too late for a sentence.</summary>
    private static void CheckSurrogates(string path, byte[] text)
    {
        if (text.AsSpan().IndexOf("\\ud"u8) < 0 && text.AsSpan().IndexOf("\\uD"u8) < 0)
        {
            return;
        }

        var reader = new Utf8JsonReader(text);
        while (reader.Read())
        {
            try
            {
                _ = reader.TokenType is JsonTokenType.String or JsonTokenType.PropertyName ? reader.GetString() : null;
            }
            catch (InvalidOperationException e)
            {
                throw new InvalidDataException(
                    $"{path} is not valid JSON: the text at byte {reader.TokenStartIndex} holds half of a surrogate pair. Fetch or write it again.",
                    e
                );
            }
        }
    }

    /// <summary>A number that other languages read as a float: 10000.0, not 10000.</summary>
    public static JsonNode Decimal(double value)
    {
        string text = value.ToString("R", CultureInfo.InvariantCulture);
        return JsonNode.Parse(text.All(c => char.IsAsciiDigit(c) || c == '-') ? $"{text}.0" : text)!;
    }

    public void Dispose() => _document.Dispose();
}

/// <summary>The keys of one JSON object. A key whose value is null counts as absent.</summary>
public sealed record JsonKeys(string Path, string Prefix, JsonElement Value)
{
    public JsonElement? Find(string key) =>
        Value.TryGetProperty(key, out JsonElement value) && value.ValueKind != JsonValueKind.Null ? value : null;

    /// <summary>Whether the key is there and says nothing.</summary>
    public bool IsNull(string key) => Value.TryGetProperty(key, out JsonElement value) && value.ValueKind == JsonValueKind.Null;

    public JsonKeys? Object(string key) =>
        Find(key) switch
        {
            null => null,
            { ValueKind: JsonValueKind.Object } value => new(Path, $"{Prefix}{key}.", value),
            _ => throw Bad(key, "must be an object"),
        };

    public string? Text(string key) =>
        Find(key) switch
        {
            null => null,
            { ValueKind: JsonValueKind.String } value => value.GetString(),
            _ => throw Bad(key, "must be a string"),
        };

    public bool? Flag(string key) =>
        Find(key) switch
        {
            null => null,
            { ValueKind: JsonValueKind.True or JsonValueKind.False } value => value.GetBoolean(),
            _ => throw Bad(key, "must be true or false"),
        };

    public double? Number(string key) =>
        Find(key) switch
        {
            null => null,
            { ValueKind: JsonValueKind.Number } value when value.GetDouble() is > 0 and < double.PositiveInfinity and var number => number,
            _ => throw Bad(key, "must be a positive number"),
        };

    /// <summary>A whole number of at least 1.</summary>
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

    /// <summary>Fails unless the key is absent or has this value.</summary>
    public void Expect(string key, object value)
    {
        if (Find(key) is { } found && found.ToString() != value.ToString())
        {
            throw Bad(key, $"'{found}' is not supported, only '{value}' is");
        }
    }

    /// <summary>One line, however long or broken into lines what the file has there.</summary>
    public InvalidDataException Bad(string key, string what) => new($"{Path}: {OneLine.Of($"{Prefix}{key} {what}")}.");
}
