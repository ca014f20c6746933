using System.Globalization;
using System.Numerics;
using ICPO.Jinja.Values;

namespace ICPO.Jinja.Library;

/// <summary>Attributes of values: the methods of str, dict, list, tuple, range and numbers that a template can reach.</summary>
internal static partial class PythonMethods
{
    private delegate object? TextMethod(string text, Arguments arguments);

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
        ["upper"] = (s, a) => None(a, PythonCasing.Upper(s, a.Budget)),
        ["lower"] = (s, a) => None(a, PythonCasing.Lower(s, a.Budget)),
        ["casefold"] = (s, a) => None(a, PythonCasing.Fold(s, a.Budget)),
        ["capitalize"] = (s, a) => None(a, PythonCasing.Capitalize(s, a.Budget)),
        ["title"] = (s, a) => None(a, PythonCasing.TitleWords(s, a.Budget)),
        ["swapcase"] = (s, a) => None(a, PythonCasing.Swap(s, a.Budget)),
        ["strip"] = (s, a) => Strip(s, a.Bind("strip", 0, "chars").Text0(), true, true, a.Budget),
        ["lstrip"] = (s, a) => Strip(s, a.Bind("lstrip", 0, "chars").Text0(), true, false, a.Budget),
        ["rstrip"] = (s, a) => Strip(s, a.Bind("rstrip", 0, "chars").Text0(), false, true, a.Budget),
        ["replace"] = (s, a) =>
            a.Bind("replace", 2, "old", "new", "count") is var b ? Replace(s, b.Text(0)!, b.Text(1)!, b.Integer(2, -1), a.Budget) : null,
        ["split"] = (s, a) =>
            a.Bind("split", 0, "sep", "maxsplit") is var b
                ? List(Split(s, b[0] is null ? null : b.Text(0), b.Integer(1, -1), a.Budget))
                : null,
        ["rsplit"] = (s, a) =>
            a.Bind("rsplit", 0, "sep", "maxsplit") is var b
                ? List(SplitEnd(s, b[0] is null ? null : b.Text(0), b.Integer(1, -1), a.Budget))
                : null,
        ["splitlines"] = (s, a) => List(PythonText.Lines(s, a.Budget, a.Bind("splitlines", 0, "keepends").Truth(0))),
        ["partition"] = (s, a) => Partition(s, a.Bind("partition", 1, "sep").Text(0)!, last: false, a.Budget),
        ["rpartition"] = (s, a) => Partition(s, a.Bind("rpartition", 1, "sep").Text(0)!, last: true, a.Budget),
        ["startswith"] = (s, a) => Affix(s, a, "startswith", static (t, p) => t.StartsWith(p, StringComparison.Ordinal)),
        ["endswith"] = (s, a) => Affix(s, a, "endswith", static (t, p) => t.EndsWith(p, StringComparison.Ordinal)),
        ["removeprefix"] = (s, a) =>
            a.Bind("removeprefix", 1, "prefix").Text(0)! is var p && s.StartsWith(p, StringComparison.Ordinal) ? s[p.Length..] : s,
        ["removesuffix"] = (s, a) =>
            a.Bind("removesuffix", 1, "suffix").Text(0)! is var p && s.EndsWith(p, StringComparison.Ordinal) ? s[..^p.Length] : s,
        ["find"] = (s, a) => Find(s, a, "find", last: false) is var at ? new BigInteger(at) : null,
        ["rfind"] = (s, a) => new BigInteger(Find(s, a, "rfind", last: true)),
        ["index"] = (s, a) =>
            Find(s, a, "index", last: false) is >= 0 and var at ? new BigInteger(at) : throw new TemplateFault("substring not found"),
        ["rindex"] = (s, a) =>
            Find(s, a, "rindex", last: true) is >= 0 and var at ? new BigInteger(at) : throw new TemplateFault("substring not found"),
        ["count"] = (s, a) => Count(s, a),
        ["join"] = (s, a) => Join(s, PythonCompare.Iterate(a.Bind("join", 1, "iterable")[0], a.Budget), a.Budget),
        ["format"] = (s, a) => BracesFormat.Format(s, a, Get, TemplateItems.Get, a.Budget),
        ["format_map"] = (s, a) =>
            BracesFormat.Format(s, new([], Named(a.Bind("format_map", 1, "mapping")[0]), a.Budget), Get, TemplateItems.Get, a.Budget),
        ["center"] = (s, a) => Justify(s, a, "center"),
        ["ljust"] = (s, a) => Justify(s, a, "ljust"),
        ["rjust"] = (s, a) => Justify(s, a, "rjust"),
        ["zfill"] = (s, a) =>
            a.Bind("zfill", 1, "width").Integer(0, 0) is var width && s is ['+' or '-', ..]
                ? s[..1] + Fill(s[1..], width - 1, '0', a.Budget)
                : Fill(s, width, '0', a.Budget),
        ["expandtabs"] = (s, a) => ExpandTabs(s, a.Bind("expandtabs", 0, "tabsize").Integer(0, 8), a.Budget),
        ["isdigit"] = (s, a) => All(s, a, static p => CharUnicodeInfo.GetDigitValue(PythonText.FromPoint(p), 0) >= 0),
        ["isdecimal"] = (s, a) => All(s, a, static p => PythonText.Category(p) == UnicodeCategory.DecimalDigitNumber),
        ["isnumeric"] = (s, a) => All(s, a, IsNumeric),
        ["isalpha"] = (s, a) => All(s, a, IsLetter),
        ["isalnum"] = (s, a) => All(s, a, static p => IsLetter(p) || IsNumeric(p)),
        ["isspace"] = (s, a) => All(s, a, static p => p <= char.MaxValue && PythonText.IsSpace((char)p)),
        ["isupper"] = (s, a) => None(a, IsCase(s, PythonCasing.IsUpper, a.Budget)),
        ["islower"] = (s, a) => None(a, IsCase(s, PythonCasing.IsLower, a.Budget)),
        ["istitle"] = (s, a) => None(a, PythonCasing.IsTitle(s, a.Budget)),
        ["isascii"] = (s, a) => None(a, s.All(char.IsAscii)),
        ["isprintable"] = (s, a) => None(a, PythonText.CodePoints(s, a.Budget).All(PythonText.IsPrintable)),
        ["isidentifier"] = (s, a) =>
            None(
                a,
                s.Length > 0
                    && PythonText
                        .CodePoints(s, a.Budget)
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

    /// <summary>value.name as the sandbox resolves it: the Python attribute, then the item of that name, then undefined.</summary>
    public static object? Get(object? value, string name, Budget budget)
    {
        if (value is Undefined undefined)
        {
            throw undefined.Fail();
        }

        if (name.StartsWith("__", StringComparison.Ordinal))
        {
            bool isItem = value is PythonDict && !name.EndsWith("__", StringComparison.Ordinal);
            return isItem && ((PythonDict)value!).TryGet(name, out object? hidden) ? hidden : Undefined.Unsafe(value, name);
        }

        if (TryGet(value, name, out object? found))
        {
            return found;
        }

        return value is PythonDict dict && dict.TryGet(name, out object? item) ? item : Undefined.Attribute(value, name, budget);
    }

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
            object? result = value is Markup ? Escaped(method(text, Escaping(arguments, name))) : method(text, arguments);
            return arguments.Budget.Counted(value, result);
        });
    }

    /// <summary>Methods of escaped text return escaped text.</summary>
    private static object? Escaped(object? result) =>
        result switch
        {
            string text => new Markup(text),
            PythonList list => new PythonList([.. list.Items.Select(Escaped)]),
            PythonTuple tuple => new PythonTuple([.. tuple.Items.Select(Escaped)]),
            _ => result,
        };

    /// <summary>Arguments that are inserted into escaped text are escaped first.</summary>
    private static Arguments Escaping(Arguments arguments, string name)
    {
        Budget budget = arguments.Budget;
        return (name, arguments.Positional) switch
        {
            ("join", [var items]) => arguments with
            {
                Positional = [new PythonIterator(PythonCompare.Iterate(items, budget).Select(i => PythonOperators.ToMarkup(i, budget)))],
            },
            ("replace", [var old, var replacement, ..]) => arguments with
            {
                Positional = [old, PythonOperators.ToMarkup(replacement, budget), .. arguments.Positional.Skip(2)],
            },
            ("format", _) => new(
                [.. arguments.Positional.Select(p => PythonOperators.Escaped(p, budget))],
                [.. arguments.Named.Select(n => KeyValuePair.Create(n.Key, PythonOperators.Escaped(n.Value, budget)))],
                budget
            ),
            _ => arguments,
        };
    }

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
                    PythonCompare.Equal(i, b[0], a.Budget)
                )
                    is >= 0
                        and var at
                    ? new BigInteger(at)
                    : throw new TemplateFault($"{PythonText.Repr(b[0], a.Budget)} is not in {PythonText.TypeName(list)}")
            ),
            "count" => new Function("count", a =>
                a.Unnamed("count").Bind("count", 1, "value")[0] is var item
                    ? new BigInteger(list.Items.Count(i => PythonCompare.Equal(i, item, a.Budget)))
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

    private static string? Text0(this Arguments.Bound bound) => bound[0] is null ? null : bound.Text(0);
}
