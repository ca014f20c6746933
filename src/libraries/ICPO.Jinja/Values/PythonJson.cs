using System.Numerics;
using System.Text;

namespace ICPO.Jinja.Values;

/// <summary>How JSON is written: the parameters of json.dumps.</summary>
internal sealed record JsonFormat
{
    /// <summary>Whether characters beyond ASCII are escaped.</summary>
    public bool AsciiOnly { get; init; }

    /// <summary>Indentation of one level; null to write one line.</summary>
    public string? Indent { get; init; }

    public string BetweenItems { get; init; } = ", ";

    public string AfterKey { get; init; } = ": ";

    public bool SortKeys { get; init; }
}

/// <summary>Python's json.dumps as transformers' tojson calls it.</summary>
internal sealed class PythonJson
{
    private readonly StringBuilder _text = new();
    private readonly JsonFormat _format;
    private readonly Budget _budget;

    private PythonJson(JsonFormat format, Budget budget) => (_format, _budget) = (format, budget);

    public static string Write(object? value, JsonFormat format, Budget budget)
    {
        PythonJson json = new(format, budget);
        json.Write(value, "\n");
        return json._text.ToString();
    }

    /// <param name="value">The value.</param>
    /// <param name="line">The line break and indentation of the value's last line.</param>
    private void Write(object? value, string line)
    {
        CallStack.Require("values nest too deeply for JSON");
        _budget.Step();
        switch (value)
        {
            case null or bool or BigInteger or double:
                Add(Scalar(value, _budget));
                break;
            case PythonSequence sequence:
                WriteGroup("[", "]", sequence.Items, Write, line);
                break;
            case PythonDict dict:
                WriteGroup("{", "}", Entries(dict), WriteEntry, line);
                break;
            default:
                WriteText(
                    PythonText.AsText(value)
                        ?? throw new TemplateFault($"Object of type {PythonText.TypeName(value)} is not JSON serializable")
                );
                break;
        }
    }

    private void WriteGroup<T>(string open, string close, IEnumerable<T> items, Action<T, string> write, string line)
    {
        (string inner, bool first) = (line + _format.Indent, true);
        Add(open);
        foreach (T item in items)
        {
            Add(first ? "" : _format.BetweenItems);
            Add(_format.Indent is null ? "" : inner);
            write(item, inner);
            first = false;
        }

        Add(_format.Indent is null || first ? "" : line);
        Add(close);
    }

    private IEnumerable<PythonTuple> Entries(PythonDict dict)
    {
        var entries = dict.Entries.Select(e => (object?)new PythonTuple([e.Key, e.Value])).ToList();
        IEnumerable<object?> ordered = _format.SortKeys
            ? PythonCompare.Sort(entries, e => ((PythonTuple)e!).Items[0], false, _budget)
            : entries;
        return ordered.Cast<PythonTuple>();
    }

    private void WriteEntry(PythonTuple entry, string line)
    {
        WriteText(Key(entry.Items[0], _budget));
        Add(_format.AfterKey);
        Write(entry.Items[1], line);
    }

    private void WriteText(string text)
    {
        Add("\"");
        foreach (char c in text)
        {
            Add(
                c switch
                {
                    '"' => "\\\"",
                    '\\' => "\\\\",
                    '\n' => "\\n",
                    '\r' => "\\r",
                    '\t' => "\\t",
                    '\f' => "\\f",
                    '\b' => "\\b",
                    _ when c < ' ' || (_format.AsciiOnly && c > '~') => $"\\u{(int)c:x4}",
                    _ => PythonText.FromPoint(c),
                }
            );
        }

        Add("\"");
    }

    private void Add(string piece)
    {
        _budget.Make(piece.Length);
        _text.Append(piece);
    }

    private static string Key(object? key, Budget budget) =>
        key switch
        {
            null or bool or BigInteger or double => Scalar(key, budget),
            _ => PythonText.AsText(key)
                ?? throw new TemplateFault($"keys must be str, int, float, bool or None, not {PythonText.TypeName(key)}"),
        };

    private static string Scalar(object? value, Budget budget) =>
        value switch
        {
            null => "null",
            bool b => b ? "true" : "false",
            double.NaN => "NaN",
            double.PositiveInfinity => "Infinity",
            double.NegativeInfinity => "-Infinity",
            _ => PythonText.Repr(value, budget),
        };
}
