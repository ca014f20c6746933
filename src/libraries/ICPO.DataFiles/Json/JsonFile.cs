using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Unicode;
using ICPO.DataFiles.Files;

namespace ICPO.DataFiles.Json;

/// <summary>A JSON file whose errors name the file and the key.</summary>
public sealed class JsonFile : IDisposable
{
    private const long MaxBytes = 1 << 30;

    private readonly JsonDocument _document;

    private JsonFile(string path, JsonDocument document)
    {
        _document = document;
        Keys =
            document.RootElement.ValueKind == JsonValueKind.Object
                ? new(path, "", document.RootElement)
                : throw new InvalidDataException($"{path} must hold one JSON object.");
    }

    /// <summary>The keys of the root object.</summary>
    public JsonKeys Keys { get; }

    /// <summary>Reads a JSON file of at most 1 GiB.</summary>
    /// <exception cref="InvalidDataException">The file is missing or not JSON; names the file and the position.</exception>
    public static JsonFile Open(string path)
    {
        using FileStream file = ModelFile.Open(path);
        if (file.Length > MaxBytes)
        {
            throw new InvalidDataException(
                $"{path} has {file.Length} bytes, more than the {MaxBytes} that a JSON file of a model may have."
            );
        }

        byte[] text = new byte[file.Length];
        file.ReadExactly(text);
        return Parse(path, text);
    }

    /// <summary>Parses the content of a JSON file.</summary>
    /// <param name="path">The name used in errors.</param>
    /// <param name="text">UTF-8.</param>
    /// <exception cref="InvalidDataException">The text is not one JSON object; names the position.</exception>
    public static JsonFile Parse(string path, byte[] text)
    {
        try
        {
            if (!Utf8.IsValid(text))
            {
                throw new InvalidDataException($"{path} is not valid JSON: it is not UTF-8. Fetch or write it again.");
            }

            var document = JsonDocument.Parse(text);
            return JsonSurrogates.FirstBroken(text) is { } at
                ? throw new InvalidDataException(
                    $"{path} is not valid JSON: the text at byte {at} holds half of a surrogate pair. Fetch or write it again."
                )
                : new(path, document);
        }
        catch (JsonException e)
        {
            throw new InvalidDataException(
                $"{path} is not valid JSON at line {e.LineNumber + 1}, byte {e.BytePositionInLine}: fetch or write it again.",
                e
            );
        }
    }

    /// <summary>A number that other languages parse as a float: 10000.0, not 10000.</summary>
    public static JsonNode Decimal(double value)
    {
        string text = value.ToString("R", CultureInfo.InvariantCulture);
        return JsonNode.Parse(text.All(c => char.IsAsciiDigit(c) || c == '-') ? $"{text}.0" : text)!;
    }

    public void Dispose() => _document.Dispose();
}
