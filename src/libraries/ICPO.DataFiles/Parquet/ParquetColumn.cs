using System.Globalization;
using System.Text.Json;

namespace ICPO.DataFiles.Parquet;

/// <summary>A page of a column.</summary>
/// <param name="Count">Entries.</param>
/// <param name="Definition">Their definition levels; empty if all are 0.</param>
/// <param name="Repetition">Their repetition levels; empty if all are 0.</param>
/// <param name="Values">The values of the entries that have one.</param>
internal sealed record ParquetPage(int Count, int[] Definition, int[] Repetition, object[] Values);

/// <summary>A leaf column of a row group: levels, values and the read position.</summary>
internal sealed class ParquetColumn(ParquetNode leaf, string path)
{
    private readonly Queue<ParquetPage> _pages = [];
    private int _read;
    private int _position;
    private int _value;

    /// <summary>Dotted name from the root to the leaf.</summary>
    public string Path { get; } = path;

    /// <summary>Definition level of the current entry: the number of optional and repeated ancestors that are present.</summary>
    public int Definition =>
        _pages.TryPeek(out ParquetPage? page)
            ? At(page.Definition)
            : throw new FormatException($"it ends after {_read} entries, before the rows do");

    /// <summary>Repetition level of the current entry: the list that it continues; 0 starts a row, −1 is the end.</summary>
    public int Repetition => _pages.TryPeek(out ParquetPage? page) ? At(page.Repetition) : -1;

    public bool HasEnded => _pages.Count == 0;

    public void Add(ParquetPage page)
    {
        if (page.Count > 0)
        {
            _pages.Enqueue(page);
        }
    }

    /// <summary>Consumes an entry and returns its value.</summary>
    public object? Take()
    {
        object? value = null;
        if (Definition >= leaf.Definition)
        {
            object[] values = _pages.Peek().Values;
            value =
                _value < values.Length
                    ? values[_value++]
                    : throw new FormatException($"a page has {values.Length} values, fewer than its levels require");
        }

        _read++;
        if (++_position == _pages.Peek().Count)
        {
            _pages.Dequeue();
            (_position, _value) = (0, 0);
        }

        return value;
    }

    private int At(int[] levels) => levels.Length > 0 ? levels[_position] : 0;

    /// <summary>Consumes an entry and writes its value.</summary>
    public void Write(Utf8JsonWriter writer)
    {
        switch (Take())
        {
            case null
            or double.NaN
            or double.PositiveInfinity
            or double.NegativeInfinity
            or float.NaN
            or float.PositiveInfinity
            or float.NegativeInfinity:
                writer.WriteNullValue();
                break;
            case string text:
                writer.WriteStringValue(text);
                break;
            case byte[] bytes:
                writer.WriteBase64StringValue(bytes);
                break;
            case bool flag:
                writer.WriteBooleanValue(flag);
                break;
            case double number:
                writer.WriteNumberValue(number);
                break;
            case float number:
                writer.WriteNumberValue(number);
                break;
            case IFormattable number:
                writer.WriteRawValue(number.ToString(null, CultureInfo.InvariantCulture));
                break;
        }
    }
}
