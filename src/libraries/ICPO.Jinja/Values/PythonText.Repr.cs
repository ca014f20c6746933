using System.Globalization;
using System.Numerics;
using System.Text;

namespace ICPO.Jinja.Values;

/// <summary>repr() of values.</summary>
internal static partial class PythonText
{
    public static string Repr(object? value, Budget budget)
    {
        var into = new StringBuilder();
        Repr(value, into, budget);
        return into.ToString();
    }

    /// <summary>ascii(): repr() with everything beyond ASCII escaped.</summary>
    public static string Ascii(object? value, Budget budget) =>
        string.Concat(
            CodePoints(Repr(value, budget), budget)
                .Select(point =>
                {
                    string piece = point < 0x80 ? FromPoint(point) : Escape(point);
                    budget.Make(point < 0x80 ? 1 : piece.Length + Budget.CharactersPerElement);
                    return piece;
                })
        );

    private static void Repr(object? value, StringBuilder into, Budget budget)
    {
        CallStack.Require("values nest too deeply to be printed");
        budget.Scan(1, perStep: 1);
        switch (value)
        {
            case null:
                Append("None", into, budget);
                break;
            case bool b:
                Append(b ? "True" : "False", into, budget);
                break;
            case BigInteger i:
                Append(PythonNumbers.Text(i, budget), into, budget);
                break;
            case double d:
                Append(PythonNumbers.Text(d), into, budget);
                break;
            case string s:
                Quote(s, into, budget);
                break;
            case Markup m:
                into.Append("Markup(");
                Quote(m.Value, into, budget);
                into.Append(')');
                break;
            case PythonList list:
                Join(list.Items, "[", "]", into, budget);
                break;
            case PythonTuple tuple:
                Join(tuple.Items, "(", tuple.Items.Length == 1 ? ",)" : ")", into, budget);
                break;
            case PythonDict dict:
                string separator = "{";
                budget.Make(4L * dict.Count);
                foreach ((object? key, object? item) in dict.Entries)
                {
                    into.Append(separator);
                    Repr(key, into, budget);
                    into.Append(": ");
                    Repr(item, into, budget);
                    separator = ", ";
                }

                into.Append(dict.Count == 0 ? "{}" : "}");
                break;
            case DictView view:
                into.Append("dict_").Append(view.Kind);
                Join([.. view.Items], "([", "])", into, budget);
                break;
            case PythonRange range:
                string step = range.Step.IsOne ? "" : $", {PythonNumbers.Text(range.Step, budget)}";
                Append($"range({PythonNumbers.Text(range.Start, budget)}, {PythonNumbers.Text(range.Stop, budget)}{step})", into, budget);
                break;
            case Undefined:
                into.Append("Undefined");
                break;
            case TemplateNamespace space:
                into.Append("<Namespace ");
                Repr(space.Attributes, into, budget);
                into.Append('>');
                break;
            case IMacro macro:
                into.Append(macro.Identifier is null ? "<Macro anonymous>" : $"<Macro {Repr(macro.Identifier, budget)}>");
                break;
            case LoopState loop:
                into.Append(CultureInfo.InvariantCulture, $"<LoopContext {loop.Index0 + 1}/{loop.Length}>");
                break;
            default:
                // Python prints an address, which differs between runs.
                throw new TemplateFault($"printing a '{TypeName(value)}' object is not supported: turn it into a list or call it");
        }
    }

    private static void Join(object?[] items, string open, string close, StringBuilder into, Budget budget)
    {
        budget.Make(2L * items.Length);
        into.Append(open);
        for (int i = 0; i < items.Length; i++)
        {
            into.Append(i == 0 ? "" : ", ");
            Repr(items[i], into, budget);
        }

        into.Append(close);
    }

    private static void Quote(string text, StringBuilder into, Budget budget)
    {
        char quote = text.Contains('\'') && !text.Contains('"') ? '"' : '\'';
        into.Append(quote);
        foreach (int point in CodePoints(text, budget))
        {
            string piece = point switch
            {
                '\\' => "\\\\",
                '\n' => "\\n",
                '\r' => "\\r",
                '\t' => "\\t",
                _ when point == quote => "\\" + quote,
                _ => IsPrintable(point) ? Character(point, budget) : Escape(point),
            };
            Append(piece, into, budget);
        }

        into.Append(quote);
    }

    private static void Append(string piece, StringBuilder into, Budget budget)
    {
        budget.Make(piece.Length);
        into.Append(piece);
    }

    private static string Escape(int point) =>
        point switch
        {
            < 0x100 => $"\\x{point:x2}",
            < 0x10000 => $"\\u{point:x4}",
            _ => $"\\U{point:x8}",
        };
}
