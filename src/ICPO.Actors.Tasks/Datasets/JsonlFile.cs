using System.Collections.Immutable;
using System.Text;
using System.Text.Json;
using ICPO.Actors.Contracts;

namespace ICPO.Actors.Tasks;

/// <summary>A row of a data set.</summary>
public sealed record DataRow(Question Question, string Solution, int Line);

/// <summary>
/// Reads JSON lines: UTF-8 with or without a byte order mark, LF or CRLF, blank lines skipped, the last newline optional. A line that
/// cannot be read ends the reading with a sentence that names file, line and mend; no row is ever left out in silence.
/// </summary>
public static class JsonlFile
{
    private static readonly UTF8Encoding StrictUtf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <exception cref="InvalidDataException">The file or a line of it cannot be read.</exception>
    public static ImmutableArray<DataRow> Read(string path, FieldMapping fields)
    {
        ArgumentNullException.ThrowIfNull(fields);
        byte[] bytes = ReadBytes(path);
        RefuseOtherFormats(path, bytes);
        var rows = ImmutableArray.CreateBuilder<DataRow>();
        Dictionary<string, int> lines = new(StringComparer.Ordinal);
        foreach ((int line, string text) in Lines(path, bytes))
        {
            var reader = new RowReader(path, line);
            DataRow row = reader.Read(text, fields);
            if (!lines.TryAdd(row.Question.Id, line))
            {
                throw reader.Error($"the id '{row.Question.Id}' was already given on line {lines[row.Question.Id]}; make ids unique or map no id field");
            }

            rows.Add(row);
        }

        return rows.Count > 0 ? rows.ToImmutable() : throw new InvalidDataException($"{path}: there is no row in it; write one JSON object on each line.");
    }

    private static byte[] ReadBytes(string path)
    {
        if (string.IsNullOrWhiteSpace(path))
        {
            throw new InvalidDataException("No data set is named; set the path of a file of JSON lines.");
        }

        try
        {
            return File.ReadAllBytes(path);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or NotSupportedException)
        {
            throw new InvalidDataException($"{path}: the data set cannot be read ({error.Message.TrimEnd('.')}); check the path and the permissions.", error);
        }
    }

    private static void RefuseOtherFormats(string path, ReadOnlySpan<byte> bytes)
    {
        string? format = bytes switch
        {
            [0x1F, 0x8B, ..] => "gzip-compressed; unpack it first",
            [(byte)'P', (byte)'A', (byte)'R', (byte)'1', ..] => "a Parquet file; convert it to one JSON object a line",
            [0xFF, 0xFE, ..] or [0xFE, 0xFF, ..] => "UTF-16; save it as UTF-8",
            _ => null,
        };
        if (format is not null)
        {
            throw new InvalidDataException($"{path}: the file is {format}.");
        }
    }

    private static IEnumerable<(int Line, string Text)> Lines(string path, byte[] bytes)
    {
        int start = bytes.AsSpan().StartsWith("\uFEFF"u8) ? 3 : 0;
        for (int line = 1; start < bytes.Length; line++)
        {
            int length = bytes.AsSpan(start).IndexOf((byte)'\n');
            length = length < 0 ? bytes.Length - start : length;
            string text;
            try
            {
                text = StrictUtf8.GetString(bytes, start, length);
            }
            catch (DecoderFallbackException error)
            {
                throw new InvalidDataException($"{path}:{line}: byte {error.Index + 1} of the line is not UTF-8; save the file as UTF-8.", error);
            }

            start += length + 1;
            if (!string.IsNullOrWhiteSpace(text))
            {
                yield return (line, text);
            }
        }
    }

    /// <summary>Reads the fields of one line.</summary>
    private readonly struct RowReader(string path, int line)
    {
        public DataRow Read(string text, FieldMapping fields)
        {
            using JsonDocument document = Parse(text);
            JsonElement row = document.RootElement;
            if (row.ValueKind != JsonValueKind.Object)
            {
                throw Error(row.ValueKind == JsonValueKind.Array
                    ? "the line is a JSON array; write each of its objects on a line of its own"
                    : $"the line is {Name(row.ValueKind)}; write one JSON object on each line");
            }

            var tags = ImmutableSortedDictionary.CreateBuilder<string, string>();
            foreach (string tag in fields.Tags)
            {
                if (Find(row, tag) is { ValueKind: not JsonValueKind.Null } value)
                {
                    tags[tag] = Text(tag, value, JsonValueKind.String, JsonValueKind.Number, JsonValueKind.True, JsonValueKind.False);
                }
            }

            string answer = Required(row, fields.Answer, JsonValueKind.String, JsonValueKind.Number);
            var question = new Question
            {
                Id = fields.Id is null ? $"{Path.GetFileName(path)}:{line}" : Required(row, fields.Id, JsonValueKind.String, JsonValueKind.Number),
                Text = Required(row, fields.Question, JsonValueKind.String),
                Answer = answer,
                Tags = tags.ToImmutable(),
            };
            return new(question, fields.Solution is null ? answer : Required(row, fields.Solution, JsonValueKind.String, JsonValueKind.Number), line);
        }

        public InvalidDataException Error(string what, Exception? cause = null) => new($"{path}:{line}: {what}.", cause);

        private JsonDocument Parse(string text)
        {
            try
            {
                return JsonDocument.Parse(text);
            }
            catch (JsonException error)
            {
                string place = error.BytePositionInLine is { } position ? $" at byte {position + 1} of the line" : "";
                throw Error($"the line is not one complete JSON object of at most 64 levels{place}; mend or remove it", error);
            }
        }

        private string Required(JsonElement row, string name, params ReadOnlySpan<JsonValueKind> kinds)
        {
            JsonElement value = Find(row, name) ?? throw Error($"the field '{name}' is missing; add it or map another field");
            string text = Text(name, value, kinds);
            return string.IsNullOrWhiteSpace(text) ? throw Error($"the field '{name}' is empty; fill it or remove the line") : text;
        }

        private string Text(string name, JsonElement value, params ReadOnlySpan<JsonValueKind> kinds)
        {
            if (!kinds.Contains(value.ValueKind))
            {
                throw Error($"the field '{name}' is {Name(value.ValueKind)}; it must be {string.Join(" or ", kinds.ToArray().Select(Name).Distinct())}");
            }

            try
            {
                return value.ValueKind == JsonValueKind.String ? value.GetString()! : value.GetRawText();
            }
            catch (InvalidOperationException error)
            {
                throw Error($"the field '{name}' holds half of a surrogate pair; mend the escape", error);
            }
        }

        private static JsonElement? Find(JsonElement element, string path)
        {
            if (element.ValueKind == JsonValueKind.Object && element.TryGetProperty(path, out JsonElement whole))
            {
                return whole;
            }

            foreach (string step in path.Split('.'))
            {
                if (element.ValueKind == JsonValueKind.Object && element.TryGetProperty(step, out JsonElement member))
                {
                    element = member;
                }
                else if (element.ValueKind == JsonValueKind.Array && int.TryParse(step, out int index) && index >= -element.GetArrayLength() && index < element.GetArrayLength())
                {
                    element = element[index < 0 ? index + element.GetArrayLength() : index];
                }
                else
                {
                    return null;
                }
            }

            return element;
        }

        private static string Name(JsonValueKind kind) => kind switch
        {
            JsonValueKind.String => "a string",
            JsonValueKind.Number => "a number",
            JsonValueKind.True or JsonValueKind.False => "a boolean",
            JsonValueKind.Array => "an array",
            JsonValueKind.Object => "an object",
            _ => "null",
        };
    }
}
