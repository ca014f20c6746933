using System.Globalization;
using System.Text.Json;

namespace ICPO.DataFiles.Parquet;

/// <summary>A leaf column of a row group: levels, values and the read position.</summary>
internal sealed class ParquetColumn(ParquetNode leaf, string path)
{
    private readonly List<int> _definition = [];
    private readonly List<int> _repetition = [];
    private readonly List<object> _values = [];
    private int _position;
    private int _value;

    /// <summary>Dotted name from the root to the leaf.</summary>
    public string Path { get; } = path;

    /// <summary>Definition level of the current entry: the number of optional and repeated ancestors that are present.</summary>
    public int Definition =>
        _position < _definition.Count
            ? _definition[_position]
            : throw new FormatException($"it ends after {_definition.Count} entries, before the rows do");

    /// <summary>Repetition level of the current entry: the list that it continues; 0 starts a row, −1 is the end.</summary>
    public int Repetition => _position < _repetition.Count ? _repetition[_position] : -1;

    public bool HasEnded => _position >= _definition.Count;

    public void Add(ReadOnlySpan<int> definition, ReadOnlySpan<int> repetition, ReadOnlySpan<object> values)
    {
        _definition.AddRange(definition);
        _repetition.AddRange(repetition);
        _values.AddRange(values);
    }

    /// <summary>Consumes an entry and returns its value.</summary>
    public object? Take()
    {
        object? value;
        if (Definition < leaf.Definition)
        {
            value = null;
        }
        else if (_value < _values.Count)
        {
            value = _values[_value++];
        }
        else
        {
            throw new FormatException($"it has {_values.Count} values, fewer than its levels require");
        }

        _position++;
        return value;
    }

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
