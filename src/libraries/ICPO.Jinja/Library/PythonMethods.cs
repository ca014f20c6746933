using System.Globalization;
using System.Numerics;
using ICPO.Jinja.Rendering;
using ICPO.Jinja.Values;

namespace ICPO.Jinja.Library;

/// <summary>Attributes of values: the methods of str, dict, list, tuple, range and numbers that a template can reach.</summary>
internal static partial class PythonMethods
{
    private delegate object? TextMethod(string text, Arguments arguments, Budget budget);

    private static readonly string[] Changing =
    [
        "append",
        "clear",
        "pop",
        "popitem",
        "setdefault",
        "update",
        "reverse",
        "insert",
        "sort",
        "extend",
        "remove",
    ];

    private static readonly string[] Lacking = ["encode", "maketrans", "translate"];

    private static readonly string[] Keyworded = ["split", "rsplit", "splitlines", "expandtabs", "format"];

    private static readonly Dictionary<string, TextMethod> Text = new()
    {
        ["upper"] = (s, a, _) => None(a, PythonCasing.Upper(s)),
        ["lower"] = (s, a, _) => None(a, PythonCasing.Lower(s)),
        ["casefold"] = (s, a, _) => None(a, PythonCasing.Fold(s)),
        ["capitalize"] = (s, a, _) => None(a, PythonCasing.Capitalize(s)),
        ["title"] = (s, a, _) => None(a, PythonCasing.TitleWords(s)),
        ["swapcase"] = (s, a, _) => None(a, PythonCasing.Swap(s)),
        ["strip"] = (s, a, _) => Strip(s, a.Bind("strip", 0, "chars").Text0(), true, true),
        ["lstrip"] = (s, a, _) => Strip(s, a.Bind("lstrip", 0, "chars").Text0(), true, false),
        ["rstrip"] = (s, a, _) => Strip(s, a.Bind("rstrip", 0, "chars").Text0(), false, true),
        ["replace"] = (s, a, budget) =>
            a.Bind("replace", 2, "old", "new", "count") is var b ? Replace(s, b.Text(0)!, b.Text(1)!, b.Integer(2, -1), budget) : null,
        ["split"] = (s, a, _) =>
            a.Bind("split", 0, "sep", "maxsplit") is var b ? List(Split(s, b[0] is null ? null : b.Text(0), b.Integer(1, -1))) : null,
        ["rsplit"] = (s, a, _) =>
            a.Bind("rsplit", 0, "sep", "maxsplit") is var b ? List(SplitEnd(s, b[0] is null ? null : b.Text(0), b.Integer(1, -1))) : null,
        ["splitlines"] = (s, a, _) => List(PythonText.Lines(s, a.Bind("splitlines", 0, "keepends").Truth(0))),
        ["partition"] = (s, a, _) => Partition(s, a.Bind("partition", 1, "sep").Text(0)!, last: false),
        ["rpartition"] = (s, a, _) => Partition(s, a.Bind("rpartition", 1, "sep").Text(0)!, last: true),
        ["startswith"] = (s, a, _) => Affix(s, a, "startswith", static (t, p) => t.StartsWith(p, StringComparison.Ordinal)),
        ["endswith"] = (s, a, _) => Affix(s, a, "endswith", static (t, p) => t.EndsWith(p, StringComparison.Ordinal)),
        ["removeprefix"] = (s, a, _) =>
            a.Bind("removeprefix", 1, "prefix").Text(0)! is var p && s.StartsWith(p, StringComparison.Ordinal) ? s[p.Length..] : s,
        ["removesuffix"] = (s, a, _) =>
            a.Bind("removesuffix", 1, "suffix").Text(0)! is var p && s.EndsWith(p, StringComparison.Ordinal) ? s[..^p.Length] : s,
        ["find"] = (s, a, _) => Find(s, a, "find", last: false) is var at ? new BigInteger(at) : null,
        ["rfind"] = (s, a, _) => new BigInteger(Find(s, a, "rfind", last: true)),
        ["index"] = (s, a, _) =>
            Find(s, a, "index", last: false) is >= 0 and var at ? new BigInteger(at) : throw new TemplateFault("substring not found"),
        ["rindex"] = (s, a, _) =>
            Find(s, a, "rindex", last: true) is >= 0 and var at ? new BigInteger(at) : throw new TemplateFault("substring not found"),
        ["count"] = (s, a, _) => Count(s, a),
        ["join"] = (s, a, budget) => Join(s, PythonCompare.Iterate(a.Bind("join", 1, "iterable")[0]), budget),
        ["format"] = (s, a, budget) => BracesFormat.Format(s, a, Get, TemplateItems.Get, budget),
        ["format_map"] = (s, a, budget) =>
            BracesFormat.Format(s, new([], Named(a.Bind("format_map", 1, "mapping")[0])), Get, TemplateItems.Get, budget),
        ["center"] = (s, a, budget) => Justify(s, a, "center", budget),
        ["ljust"] = (s, a, budget) => Justify(s, a, "ljust", budget),
        ["rjust"] = (s, a, budget) => Justify(s, a, "rjust", budget),
        ["zfill"] = (s, a, budget) =>
            a.Bind("zfill", 1, "width").Integer(0, 0) is var width && s is ['+' or '-', ..]
                ? s[..1] + Fill(s[1..], width - 1, '0', budget)
                : Fill(s, width, '0', budget),
        ["expandtabs"] = (s, a, budget) => ExpandTabs(s, a.Bind("expandtabs", 0, "tabsize").Integer(0, 8), budget),
        ["isdigit"] = (s, a, _) => All(s, a, static p => CharUnicodeInfo.GetDigitValue(PythonText.FromPoint(p), 0) >= 0),
        ["isdecimal"] = (s, a, _) => All(s, a, static p => PythonText.Category(p) == UnicodeCategory.DecimalDigitNumber),
        ["isnumeric"] = (s, a, _) => All(s, a, IsNumeric),
        ["isalpha"] = (s, a, _) => All(s, a, IsLetter),
        ["isalnum"] = (s, a, _) => All(s, a, static p => IsLetter(p) || IsNumeric(p)),
        ["isspace"] = (s, a, _) => All(s, a, static p => p <= char.MaxValue && PythonText.IsSpace((char)p)),
        ["isupper"] = (s, a, _) => None(a, IsCase(s, PythonCasing.IsUpper)),
        ["islower"] = (s, a, _) => None(a, IsCase(s, PythonCasing.IsLower)),
        ["istitle"] = (s, a, _) => None(a, PythonCasing.IsTitle(s)),
        ["isascii"] = (s, a, _) => None(a, s.All(char.IsAscii)),
        ["isprintable"] = (s, a, _) => None(a, PythonText.CodePoints(s).All(PythonText.IsPrintable)),
        ["isidentifier"] = (s, a, _) =>
            None(
                a,
                s.Length > 0
                    && PythonText
                        .CodePoints(s)
                        .Select(
                            (p, i) =>
                                p == '_'
                                || IsLetter(p)
                                || PythonText.Category(p) == UnicodeCategory.LetterNumber
                                || (
                                    i > 0
                                    && PythonText.Category(p)
                                        is UnicodeCategory.DecimalDigitNumber
                                            or UnicodeCategory.NonSpacingMark
                                            or UnicodeCategory.SpacingCombiningMark
                                            or UnicodeCategory.ConnectorPunctuation
                                )
                        )
                        .All(holds => holds)
            ),
    };

    /// <summary>value.name as the sandbox resolves it: Python's attribute, then the item of that name, then undefined.</summary>
    public static object? Get(object? value, string name) =>
        value is Undefined undefined ? throw undefined.Fail()
        : name.StartsWith("__", StringComparison.Ordinal)
            ? value is PythonDict d && d.TryGet(name, out object? hidden) && !name.EndsWith("__", StringComparison.Ordinal) ? hidden
                : Undefined.Unsafe(value, name)
        : TryGet(value, name, out object? found) ? found
        : value is PythonDict dict && dict.TryGet(name, out object? item) ? item
        : Undefined.Attribute(value, name);

    /// <summary>Python's own attribute of a value.</summary>
    public static bool TryGet(object? value, string name, out object? attribute)
    {
        attribute = value switch
        {
            PythonDict dict => Of(dict, name),
            PythonSequence list => Of(list, name),
            PythonRange range => Of(range, name),
            bool or BigInteger or double => Of(value, name),
            Undefined => null,
            _ => PythonText.AsText(value) is { } text ? Of(value!, text, name) : null,
        };
        if (attribute is not null)
        {
            return true;
        }

        switch (value)
        {
            case IAttributes own:
                return own.TryGet(name, out attribute);
            case TemplateNamespace space:
                return space.Attributes.TryGet(name, out attribute);
            default:
                return false;
        }
    }

    private static Function? Of(object value, string text, string name)
    {
        if (Lacking.Contains(name))
        {
            throw new TemplateFault($"the method str.{name} is not supported");
        }

        if (!Text.TryGetValue(name, out TextMethod? method))
        {
            return null;
        }

        return new(name, given =>
        {
            Arguments arguments = Keyworded.Contains(name) ? given : given.Unnamed(name);
            arguments.Scan(value);
            return TemplateRenderer.Made(
                value,
                value is Markup
                    ? Escaped(method(text, Escaping(arguments, name), TemplateRenderer.CurrentBudget))
                    : method(text, arguments, TemplateRenderer.CurrentBudget)
            );
        });
    }

    /// <summary>What a method of escaped text gives is escaped text.</summary>
    private static object? Escaped(object? result) =>
        result switch
        {
            string text => new Markup(text),
            PythonList list => new PythonList([.. list.Items.Select(Escaped)]),
            PythonTuple tuple => new PythonTuple([.. tuple.Items.Select(Escaped)]),
            _ => result,
        };

    /// <summary>What is put into escaped text is escaped first.</summary>
    private static Arguments Escaping(Arguments arguments, string name) =>
        (name, arguments.Positional) switch
        {
            ("join", [var items]) => Arguments.Of(new PythonIterator(PythonCompare.Iterate(items).Select(PythonOperators.ToMarkup))),
            ("replace", [var old, var replacement, ..]) => Arguments.Of([
                old,
                PythonOperators.ToMarkup(replacement),
                .. arguments.Positional.Skip(2),
            ]),
            ("format", _) => new(
                [.. arguments.Positional.Select(PythonOperators.Escaped)],
                [.. arguments.Named.Select(n => KeyValuePair.Create(n.Key, PythonOperators.Escaped(n.Value)))]
            ),
            _ => arguments,
        };

    private static List<KeyValuePair<string, object?>> Named(object? mapping) =>
        [
            .. ((mapping as PythonDict)?.Entries ?? [])
                .Where(e => PythonText.AsText(e.Key) is not null)
                .Select(e => KeyValuePair.Create(PythonText.AsText(e.Key)!, e.Value)),
        ];

    private static object? Of(PythonDict dict, string name) =>
        name switch
        {
            "get" => new Function("get", a =>
                a.Unnamed("get").Bind("get", 1, "key", "default") is var b && dict.TryGet(b[0], out object? value) ? value : b[1]
            ),
            "keys" or "values" or "items" => new Function(name, a => None(a, new DictView(dict, name))),
            "copy" => new Function("copy", a => None(a, dict)),
            "fromkeys" => throw new TemplateFault("the method dict.fromkeys is not supported"),
            _ => Changing.Contains(name) && name is not ("append" or "reverse" or "insert" or "sort" or "extend" or "remove")
                ? Undefined.Unsafe(dict, name)
                : null,
        };

    private static object? Of(PythonSequence list, string name) =>
        name switch
        {
            "index" => new Function("index", a =>
                a.Unnamed("index").Bind("index", 1, "value", "start", "stop") is var b
                && Place(b.Integer(1, 0), list.Items.Length) is var from
                && Array.FindIndex(list.Items, from, Math.Max(0, Place(b.Integer(2, int.MaxValue), list.Items.Length) - from), i =>
                    PythonCompare.Equal(i, b[0])
                )
                    is >= 0
                        and var at
                    ? new BigInteger(at)
                    : throw new TemplateFault($"{PythonText.Repr(b[0])} is not in {PythonText.TypeName(list)}")
            ),
            "count" => new Function("count", a =>
                a.Unnamed("count").Bind("count", 1, "value")[0] is var item
                    ? new BigInteger(list.Items.Count(i => PythonCompare.Equal(i, item)))
                    : null
            ),
            "copy" when list is PythonList => new Function("copy", a => None(a, new PythonList(list.Items))),
            _ => list is PythonList && Changing.Contains(name) && name is not ("popitem" or "setdefault" or "update")
                ? Undefined.Unsafe(list, name)
                : null,
        };

    private static object? Of(PythonRange range, string name) =>
        name switch
        {
            "start" => range.Start,
            "stop" => range.Stop,
            "step" => range.Step,
            "count" or "index" => throw new TemplateFault($"the method range.{name} is not supported"),
            _ => null,
        };

    private static object? Of(object number, string name) =>
        name switch
        {
            "real" => number is bool b ? new BigInteger(b ? 1 : 0) : number,
            "imag" => number is double ? 0.0 : BigInteger.Zero,
            "is_integer" when number is double d => new Function(name, a => None(a, double.IsFinite(d) && d == Math.Floor(d))),
            "numerator" when number is not double => PythonNumbers.AsInteger(number)!.Value,
            "denominator" when number is not double => BigInteger.One,
            "bit_length" when number is not double => new Function(name, a =>
                None(a, new BigInteger((long)BigInteger.Abs(PythonNumbers.AsInteger(number)!.Value).GetBitLength()))
            ),
            "conjugate" or "to_bytes" or "from_bytes" or "as_integer_ratio" or "bit_count" or "hex" or "fromhex" => throw new TemplateFault(
                $"the method {PythonText.TypeName(number)}.{name} is not supported"
            ),
            _ => null,
        };

    private static object? None(Arguments arguments, object? result)
    {
        arguments.Bind("method", 0);
        return result;
    }

    private static PythonList List(IEnumerable<string> parts) => new([.. parts]);

    private static string? Text0(this Arguments.Bound bound) => bound[0] is null ? null : bound.Text(0);
}
