using System.Globalization;
using System.Numerics;
using System.Text;
using System.Text.Json;

namespace ICPO.Jinja.Values;

/// <summary>Python's json: reading a document into values, and json.dumps as transformers' tojson calls it.</summary>
internal static class PythonJson
{
    /// <summary>1 is an int, 1.0 a float, however large.</summary>
    public static object? Read(JsonElement element) =>
        element.ValueKind switch
        {
            JsonValueKind.Object => new PythonDict(element.EnumerateObject().Select(p => KeyValuePair.Create(p.Name, Read(p.Value)))),
            JsonValueKind.Array => new PythonList([.. element.EnumerateArray().Select(Read)]),
            JsonValueKind.String => element.GetString(),
            JsonValueKind.Number => Number(element.GetRawText()),
            JsonValueKind.True or JsonValueKind.False => element.GetBoolean(),
            _ => null,
        };

    private static object Number(string text) =>
        text.AsSpan().ContainsAny('.', 'e', 'E')
            ? double.Parse(text, NumberStyles.Float, CultureInfo.InvariantCulture)
            : PythonNumbers.ParseInteger(text, 10) ?? throw new TemplateFault("a number is too long");

    /// <param name="value">What to write.</param>
    /// <param name="ascii">Whether characters beyond ASCII are escaped.</param>
    /// <param name="indent">Indentation of one level; null keeps everything on one line.</param>
    /// <param name="item">Between elements.</param>
    /// <param name="key">Between key and value.</param>
    /// <param name="sort">Whether keys are sorted.</param>
    /// <param name="budget">What may be made.</param>
    public static string Write(object? value, bool ascii, string? indent, string item, string key, bool sort, Budget budget)
    {
        var into = new StringBuilder();
        Write(value, "\n");
        return into.ToString();

        void Write(object? value, string line)
        {
            CallStack.Require("values nest too deeply for JSON");
            budget.Step();
            switch (value)
            {
                case null or bool or BigInteger or double:
                    Add(Scalar(value));
                    break;
                case PythonSequence sequence:
                    Group("[", "]", sequence.Items.Select(i => (Action<string>)(inner => Write(i, inner))), line);
                    break;
                case PythonDict dict:
                    var entries = dict.Entries.Select(e => (object?)new PythonTuple([e.Key, e.Value])).ToList();
                    IEnumerable<object?> ordered = sort
                        ? PythonCompare.Sort(entries, e => ((PythonTuple)e!).Items[0], false, budget)
                        : entries;
                    Group(
                        "{",
                        "}",
                        ordered
                            .Cast<PythonTuple>()
                            .Select(e =>
                                (Action<string>)(
                                    inner =>
                                    {
                                        Quote(
                                            PythonText.AsText(e.Items[0])
                                                ?? (
                                                    e.Items[0] is null or bool or BigInteger or double
                                                        ? Scalar(e.Items[0])
                                                        : throw new TemplateFault(
                                                            $"keys must be str, int, float, bool or None, not {PythonText.TypeName(e.Items[0])}"
                                                        )
                                                )
                                        );
                                        Add(key);
                                        Write(e.Items[1], inner);
                                    }
                                )
                            ),
                        line
                    );
                    break;
                default:
                    Quote(
                        PythonText.AsText(value)
                            ?? throw new TemplateFault($"Object of type {PythonText.TypeName(value)} is not JSON serializable")
                    );
                    break;
            }
        }

        void Group(string open, string close, IEnumerable<Action<string>> items, string line)
        {
            (string? inner, bool first) = (line + indent, true);
            Add(open);
            foreach (Action<string> write in items)
            {
                Add(first ? "" : item);
                Add(indent is null ? "" : inner);
                write(inner);
                first = false;
            }

            Add(indent is null || first ? "" : line);
            Add(close);
        }

        void Quote(string text)
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
                        _ when c < ' ' || (ascii && c > '~') => $"\\u{(int)c:x4}",
                        _ => c.ToString(),
                    }
                );
            }

            Add("\"");
        }

        void Add(string piece)
        {
            budget.Make(piece.Length);
            into.Append(piece);
        }
    }

    private static string Scalar(object? value) =>
        value switch
        {
            null => "null",
            bool b => b ? "true" : "false",
            double d when !double.IsFinite(d) => double.IsNaN(d) ? "NaN"
            : d > 0 ? "Infinity"
            : "-Infinity",
            _ => PythonText.Repr(value),
        };
}
