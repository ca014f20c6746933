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
internal static class PythonJson
{
    public static string Write(object? value, JsonFormat format, Budget budget)
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
                    Add(Scalar(value, budget));
                    break;
                case PythonSequence sequence:
                    Group("[", "]", sequence.Items.Select(i => (Action<string>)(inner => Write(i, inner))), line);
                    break;
                case PythonDict dict:
                    var entries = dict.Entries.Select(e => (object?)new PythonTuple([e.Key, e.Value])).ToList();
                    IEnumerable<object?> ordered = format.SortKeys
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
                                        Quote(Key(e.Items[0], budget));
                                        Add(format.AfterKey);
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
            (string inner, bool first) = (line + format.Indent, true);
            Add(open);
            foreach (Action<string> write in items)
            {
                Add(first ? "" : format.BetweenItems);
                Add(format.Indent is null ? "" : inner);
                write(inner);
                first = false;
            }

            Add(format.Indent is null || first ? "" : line);
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
                        _ when c < ' ' || (format.AsciiOnly && c > '~') => $"\\u{(int)c:x4}",
                        _ => PythonText.FromPoint(c),
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
            double d when !double.IsFinite(d) => double.IsNaN(d) ? "NaN"
            : d > 0 ? "Infinity"
            : "-Infinity",
            _ => PythonText.Repr(value, budget),
        };
}
