using System.Text;
using System.Text.Json;
using ICPO.Actors.Algorithm.Batches;
using ICPO.Actors.RunFiles.History;

namespace ICPO.Actors.Dashboard.Reading;

/// <summary>Adds a line of <c>metrics.jsonl</c> to the columns, with far fewer allocations than a document per line.</summary>
internal static class MetricLine
{
    private const int MaxNameLength = 200;
    private const int MaxNames = 500;

    [ThreadStatic]
    private static List<(string Name, double Value)>? _values;

    /// <summary>The names of the previous line by place: a run writes all lines alike, so that most names need not be decoded.</summary>
    [ThreadStatic]
    private static List<(byte[] Written, string Current)>? _names;

    /// <summary>False for a line that is not one of a run.</summary>
    public static bool Add(ReadOnlySpan<byte> line, MetricColumns columns)
    {
        List<(string Name, double Value)> values = _values ??= [];
        values.Clear();
        try
        {
            var reader = new Utf8JsonReader(line);
            (long update, double seconds, bool isEvaluation) = Read(ref reader, values);
            if (isEvaluation)
            {
                using var document = JsonDocument.Parse(line.ToArray());
                columns.Add((EvaluationLine)HistoryReader.Metric(document.RootElement));
                return true;
            }

            return update >= 0 && seconds >= 0 && columns.Add(update, seconds, values);
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException or FormatException or KeyNotFoundException)
        {
            return false;
        }
    }

    /// <exception cref="JsonException">The line is not an object.</exception>
    private static (long Update, double Seconds, bool IsEvaluation) Read(ref Utf8JsonReader reader, List<(string, double)> values)
    {
        (long update, double seconds, bool isEvaluation) = (-1, -1, false);
        List<(byte[] Written, string Current)> names = _names ??= [];
        if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject)
        {
            throw new JsonException("not an object");
        }

        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (values.Count < names.Count && reader.ValueTextEquals(names[values.Count].Written))
            {
                Value(ref reader, names[values.Count].Current, values);
            }
            else if (reader.ValueTextEquals("update"u8))
            {
                reader.Read();
                update = reader.GetInt64();
            }
            else if (reader.ValueTextEquals("seconds"u8))
            {
                reader.Read();
                seconds = Finite(reader.GetDouble());
            }
            else if (reader.ValueTextEquals("kind"u8))
            {
                reader.Read();
                isEvaluation = reader.ValueTextEquals("evaluation"u8);
            }
            else
            {
                Value(ref reader, Name(ref reader, names, values.Count), values);
            }
        }

        return (update, seconds, isEvaluation);
    }

    private static void Value(ref Utf8JsonReader reader, string name, List<(string, double)> values)
    {
        reader.Read();
        if (reader.TokenType != JsonTokenType.Number)
        {
            reader.Skip();
        }
        else if (name.Length is > 0 and <= MaxNameLength)
        {
            values.Add((name, Finite(reader.GetDouble())));
        }
    }

    /// <summary>The current name of a property that was not at this place in the previous line.</summary>
    private static string Name(ref Utf8JsonReader reader, List<(byte[] Written, string Current)> names, int place)
    {
        string written = reader.GetString() ?? "";
        (byte[], string Current) entry = (Encoding.UTF8.GetBytes(written), MetricNames.Current(written));
        if (place < names.Count)
        {
            names[place] = entry;
        }
        else if (place == names.Count && place < MaxNames)
        {
            names.Add(entry);
        }

        return entry.Current;
    }

    private static double Finite(double value) => double.IsFinite(value) ? value : throw new FormatException("a number is too large");
}
