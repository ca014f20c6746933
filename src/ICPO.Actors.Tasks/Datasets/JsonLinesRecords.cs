using System.Text;
using System.Text.Json;

namespace ICPO.Actors.Tasks;

/// <summary>Rows of JSON lines. A line is held at a time, so a packed file takes no more room than its longest line.</summary>
internal static class JsonLinesRecords
{
    private const int LongestLine = 64 << 20;
    private static readonly UTF8Encoding StrictUtf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    public static IEnumerable<DataRecord> Read(string path, Stream stream)
    {
        bool isFirst = true;
        foreach ((int line, ReadOnlyMemory<byte> bytes) in Lines(path, stream))
        {
            string place = $"{path}:{line}";
            string text = Text(place, bytes);
            if (string.IsNullOrWhiteSpace(text))
            {
                continue;
            }

            using JsonDocument document = Parse(place, text, isFirst);
            isFirst = false;
            JsonElement row = document.RootElement;
            var record = new DataRecord(place, line, row);
            if (row.ValueKind != JsonValueKind.Object)
            {
                throw record.Error(row.ValueKind == JsonValueKind.Array
                    ? "the line is a JSON array; write each of its objects on a line of its own"
                    : $"the line is {RowReader.Name(row.ValueKind)}; write one JSON object on each line");
            }

            yield return record;
        }
    }

    private static IEnumerable<(int Line, ReadOnlyMemory<byte> Bytes)> Lines(string path, Stream stream)
    {
        byte[] buffer = new byte[1 << 16];
        (int start, int end, int searched) = (0, 0, 0);
        bool hasEnded = false;
        for (int line = 1; ; line++)
        {
            int newline;
            while ((newline = buffer.AsSpan(searched, end - searched).IndexOf((byte)'\n')) < 0 && !hasEnded)
            {
                buffer.AsSpan(start, end - start).CopyTo(buffer);
                (start, end) = (0, end - start);
                searched = end;
                if (end == buffer.Length)
                {
                    if (end >= LongestLine)
                    {
                        throw new InvalidDataException($"{path}:{line}: the line is longer than {LongestLine >> 20} MiB; write one JSON object on each line.");
                    }

                    Array.Resize(ref buffer, 2 * end);
                }

                int read = Fill(path, line, stream, buffer.AsSpan(end));
                end += read;
                hasEnded = read == 0;
            }

            int stop = newline < 0 ? end : searched + newline;
            if (newline < 0 && start == end)
            {
                yield break;
            }

            int mark = line == 1 && buffer.AsSpan(start, stop - start).StartsWith("\uFEFF"u8) ? 3 : 0;
            yield return (line, buffer.AsMemory(start + mark, stop - start - mark));
            start = searched = Math.Min(end, stop + 1);
        }
    }

    private static int Fill(string path, int line, Stream stream, Span<byte> buffer)
    {
        try
        {
            return stream.Read(buffer);
        }
        catch (Exception error) when (error is InvalidDataException or IOException)
        {
            throw new InvalidDataException($"{path}:{line}: the file cannot be read on ({error.Message.TrimEnd('.')}); check the disk.", error);
        }
    }

    private static string Text(string place, ReadOnlyMemory<byte> bytes)
    {
        try
        {
            return StrictUtf8.GetString(bytes.Span);
        }
        catch (DecoderFallbackException error)
        {
            throw new InvalidDataException($"{place}: byte {error.Index + 1} of the line is not UTF-8; save the file as UTF-8.", error);
        }
    }

    private static JsonDocument Parse(string place, string text, bool isFirst)
    {
        try
        {
            return JsonDocument.Parse(text);
        }
        catch (JsonException error)
        {
            string where = error.BytePositionInLine is { } position ? $" at byte {position + 1} of the line" : "";
            throw new InvalidDataException(
                isFirst && text.AsSpan().TrimStart() is ['[', ..]
                    ? $"{place}: the file is a JSON array over several lines; write each of its objects on a line of its own."
                    : $"{place}: the line is not one complete JSON object of at most 64 levels{where}; mend or remove it.",
                error);
        }
    }
}
