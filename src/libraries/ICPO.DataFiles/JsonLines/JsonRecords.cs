using System.Text;
using System.Text.Json;
using System.Text.Unicode;
using ICPO.DataFiles.Files;
using ICPO.DataFiles.Json;

namespace ICPO.DataFiles.JsonLines;

/// <summary>
/// Reads JSON rows: one object per line or, if the file starts differently, the elements of one array or a sequence of objects that span
/// several lines.
/// </summary>
internal static class JsonRecords
{
    private static readonly UTF8Encoding StrictUtf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    public static IEnumerable<DataRecord> Read(string path, Stream stream)
    {
        var window = new ByteWindow(path, stream);
        while (window.Bytes.Length < 3 && window.ReadMore()) { }

        window.Advance(window.Bytes.StartsWith("\uFEFF"u8) ? 3 : 0);
        return First(window) switch
        {
            (byte)'[' => Elements(path, window),
            (byte)'{' when SpansLines(window) => Sequence(path, window),
            _ => Lines(path, window),
        };
    }

    private static IEnumerable<DataRecord> Lines(string path, ByteWindow window)
    {
        for (int searched = 0; ; )
        {
            int newline = window.Bytes[searched..].IndexOf((byte)'\n');
            if (newline < 0 && !window.HasEnded)
            {
                searched = window.Bytes.Length;
                window.ReadMore();
                continue;
            }

            int length = newline < 0 ? window.Bytes.Length : searched + newline;
            if (newline < 0 && length == 0)
            {
                yield break;
            }

            string place = $"{path}:{window.Line}";
            if (!IsBlank(place, window.Bytes[..length]))
            {
                using JsonDocument document = Parse(place, window.Memory[..length], "the line is not one complete JSON object");
                var record = new DataRecord(place, window.Line, document.RootElement);
                yield return document.RootElement.ValueKind switch
                {
                    JsonValueKind.Object => record,
                    JsonValueKind.Array => throw record.Error("the line is a JSON array; write each of its objects on a separate line"),
                    var kind => throw record.Error($"the line is {JsonKinds.Name(kind)}; write one JSON object on each line"),
                };
            }

            window.Advance(newline < 0 ? length : length + 1);
            searched = 0;
        }
    }

    /// <summary>The elements of one array: objects, or arrays whose fields are named by index.</summary>
    private static IEnumerable<DataRecord> Elements(string path, ByteWindow window)
    {
        window.Advance(1);
        for (int number = 1; First(window) is var next && next != ']'; number++)
        {
            if (number > 1)
            {
                window.Advance(next == ',' ? 1 : throw Bad(path, window, "a comma or the end of the array is missing"));
            }

            foreach (DataRecord record in One(path, window, number))
            {
                yield return record;
            }
        }

        window.Advance(1);
        if (First(window) is not null)
        {
            throw Bad(path, window, "there is more text after the end of the array");
        }
    }

    private static IEnumerable<DataRecord> Sequence(string path, ByteWindow window)
    {
        for (int number = 1; First(window) is not null; number++)
        {
            foreach (DataRecord record in One(path, window, number))
            {
                yield return record;
            }
        }
    }

    /// <summary>The value at the front of the window.</summary>
    private static IEnumerable<DataRecord> One(string path, ByteWindow window, int number)
    {
        if (First(window) is var first && first is not ((byte)'{' or (byte)'['))
        {
            throw Bad(path, window, first is (byte)'n' ? "the row is null" : "a JSON object should begin here");
        }

        string place = $"{path}:{window.Line}";
        int length;
        while ((length = Length(place, window.Bytes, window.HasEnded)) < 0)
        {
            // Doubling keeps the number of scans of a long value logarithmic.
            for (int enough = 2 * window.Bytes.Length; window.Bytes.Length < enough && window.ReadMore(); ) { }
        }

        using JsonDocument document = Parse(place, window.Memory[..length], "the value here is not a JSON object");
        yield return new DataRecord(place, number, document.RootElement);
        window.Advance(length);
    }

    /// <summary>Length in bytes of the value at the front; −1 if it is incomplete.</summary>
    private static int Length(string place, ReadOnlySpan<byte> bytes, bool isAll)
    {
        try
        {
            var reader = new Utf8JsonReader(bytes, isAll, default);
            return reader.Read() && reader.TrySkip() ? (int)reader.BytesConsumed : -1;
        }
        catch (JsonException error)
        {
            throw Unread(place, "the value here is not a JSON object", error);
        }
    }

    /// <summary>The next byte that is not white space, without consuming it; null at the end.</summary>
    private static byte? First(ByteWindow window)
    {
        do
        {
            int at = window.Bytes.IndexOfAnyExcept(" \t\r\n"u8);
            if (at >= 0)
            {
                window.Advance(at);
                return window.Bytes[0];
            }

            window.Advance(window.Bytes.Length);
        } while (window.ReadMore());
        return null;
    }

    private static bool SpansLines(ByteWindow window)
    {
        int newline;
        while ((newline = window.Bytes.IndexOf((byte)'\n')) < 0 && window.ReadMore()) { }

        try
        {
            var reader = new Utf8JsonReader(window.Bytes[..Math.Max(0, newline)], isFinalBlock: false, default);
            return newline >= 0 && reader.Read() && !reader.TrySkip();
        }
        catch (JsonException)
        {
            return false;
        }
    }

    private static bool IsBlank(string place, ReadOnlySpan<byte> line)
    {
        int at = line.IndexOfAnyExcept(" \t\r\v\f"u8);
        return at < 0 || (line[at] >= 0x80 && string.IsNullOrWhiteSpace(Text(place, line)));
    }

    private static string Text(string place, ReadOnlySpan<byte> bytes)
    {
        try
        {
            return StrictUtf8.GetString(bytes);
        }
        catch (DecoderFallbackException error)
        {
            throw new InvalidDataException($"{place}: byte {error.Index + 1} of the line is not UTF-8; save the file as UTF-8.", error);
        }
    }

    /// <summary>The document refers to the bytes.</summary>
    private static JsonDocument Parse(string place, ReadOnlyMemory<byte> bytes, string problem)
    {
        if (!Utf8.IsValid(bytes.Span))
        {
            Text(place, bytes.Span);
        }

        try
        {
            var document = JsonDocument.Parse(bytes);
            return JsonSurrogates.FirstBrokenKey(bytes.Span) is { } at
                ? throw new InvalidDataException(
                    $"{place}: the key at byte {at + 1} holds half of a surrogate pair; fix the escape or remove the key."
                )
                : document;
        }
        catch (JsonException error)
        {
            throw Unread(place, problem, error);
        }
    }

    private static InvalidDataException Unread(string place, string problem, JsonException error)
    {
        string line = error.LineNumber is > 0 and var below ? $"of line {below + 1} from there" : "of the line";
        string where = error.BytePositionInLine is { } position ? $" at byte {position + 1} {line}" : "";
        return new($"{place}: {problem} of at most 64 levels{where}; fix or remove it.", error);
    }

    private static InvalidDataException Bad(string path, ByteWindow window, string what) =>
        new($"{path}:{window.Line}: {what}; fix it, or write one JSON object on each line.");
}
