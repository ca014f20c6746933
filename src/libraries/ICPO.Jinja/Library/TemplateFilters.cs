using System.Collections.Frozen;
using System.Numerics;
using ICPO.Jinja.Values;

namespace ICPO.Jinja.Library;

/// <summary>Jinja2's filters, with tojson as transformers replaces it. pprint, random and urlize are not supported.</summary>
internal static partial class TemplateFilters
{
    internal delegate object? FilterFunction(object? value, Arguments arguments);

    public static FrozenDictionary<string, FilterFunction> All { get; } =
        new Dictionary<string, FilterFunction>
        {
            ["abs"] = Abs,
            ["attr"] = Attr,
            ["batch"] = Batch,
            ["capitalize"] = Text(static (s, a) => Only(a, PythonCasing.Capitalize(s, a.Budget))),
            ["center"] = Text(static (s, a) => PythonMethods.Center(s, a.Bind("center", 0, "width").Integer(0, 80), ' ', a.Budget)),
            ["count"] = Length,
            ["d"] = Default,
            ["default"] = Default,
            ["dictsort"] = DictSort,
            ["e"] = Escape,
            ["escape"] = Escape,
            ["filesizeformat"] = FileSize,
            ["first"] = (v, a) =>
                Only(
                    a,
                    PythonCompare.Iterate(v, a.Budget).Take(1).ToList() is [var first]
                        ? first
                        : new Undefined("No first item, sequence was empty.")
                ),
            ["float"] = Float,
            ["forceescape"] = (v, a) => Only(a, new Markup(PythonOperators.Escape(PythonText.Str(v, a.Budget), a.Budget))),
            ["format"] = Format,
            ["groupby"] = GroupBy,
            ["indent"] = Indent,
            ["int"] = Int,
            ["items"] = (v, a) => Only(a, new PythonIterator(Pairs(v))),
            ["join"] = Join,
            ["last"] = (v, a) => Only(a, Last(v, a.Budget)),
            ["length"] = Length,
            ["list"] = (v, a) => Only(a, new PythonList([.. Kept(v, a.Budget)])),
            ["lower"] = Text(static (s, a) => Only(a, PythonCasing.Lower(s, a.Budget))),
            ["map"] = Map,
            ["max"] = (v, a) => Extreme(v, a, ">"),
            ["min"] = (v, a) => Extreme(v, a, "<"),
            ["reject"] = (v, a) => Select(v, a, keep: false, attribute: false),
            ["rejectattr"] = (v, a) => Select(v, a, keep: false, attribute: true),
            ["replace"] = Replace,
            ["reverse"] = Reverse,
            ["round"] = Round,
            ["safe"] = (v, a) => Only(a, new Markup(PythonText.Str(v, a.Budget))),
            ["select"] = (v, a) => Select(v, a, keep: true, attribute: false),
            ["selectattr"] = (v, a) => Select(v, a, keep: true, attribute: true),
            ["slice"] = Slice,
            ["sort"] = Sort,
            ["string"] = (v, a) => Only(a, v is Markup ? v : PythonText.Str(v, a.Budget)),
            ["striptags"] = StripTags,
            ["sum"] = Sum,
            ["title"] = (v, a) => Only(a, Title(PythonText.Str(v, a.Budget), a.Budget)),
            ["tojson"] = ToJson,
            ["trim"] = Text(
                static (s, a) =>
                    a.Bind("trim", 0, "chars") is var b ? PythonMethods.Strip(s, b[0] is null ? null : b.Text(0), true, true, a.Budget) : s
            ),
            ["truncate"] = Truncate,
            ["unique"] = Unique,
            ["upper"] = Text(static (s, a) => Only(a, PythonCasing.Upper(s, a.Budget))),
            ["urlencode"] = UrlEncode,
            ["wordcount"] = Text(static (s, a) => Only(a, new BigInteger(PythonMethods.Words(s, a.Budget)))),
            ["wordwrap"] = WordWrap,
            ["xmlattr"] = XmlAttributes,
        }.ToFrozenDictionary();

    /// <summary>Applies a filter.</summary>
    /// <exception cref="TemplateFault">There is no such filter, or it fails.</exception>
    public static object? Apply(string name, object? value, Arguments arguments)
    {
        FilterFunction filter = All.GetValueOrDefault(name) ?? throw new TemplateFault($"No filter named '{name}'.");
        arguments.Scan(value);
        return arguments.Budget.Counted(value, filter(value, arguments));
    }

    /// <summary>A filter of text: other values are converted with str() first, escaped text stays escaped.</summary>
    private static FilterFunction Text(Func<string, Arguments, object?> filter) =>
        (value, arguments) =>
            filter(PythonText.Str(value, arguments.Budget), arguments) is var result && value is Markup && result is string text
                ? new Markup(text)
                : result;

    private static object Abs(object? value, Arguments arguments)
    {
        Only(arguments, null);
        return value switch
        {
            double number => Math.Abs(number),
            _ when PythonNumbers.AsInteger(value) is { } whole => BigInteger.Abs(whole),
            Undefined undefined => throw undefined.Fail(),
            _ => throw new TemplateFault($"bad operand type for abs(): '{PythonText.TypeName(value)}'"),
        };
    }

    private static object? Attr(object? value, Arguments arguments)
    {
        string name = arguments.Bind("attr", 1, "name").Text(0)!;
        if (value is Undefined undefined)
        {
            throw undefined.Fail();
        }

        if (name.StartsWith("__", StringComparison.Ordinal))
        {
            return Undefined.Unsafe(value, name);
        }

        return PythonMethods.TryGet(value, name, out object? found) ? found : Undefined.Attribute(value, name, arguments.Budget);
    }

    private static object? Only(Arguments arguments, object? result)
    {
        arguments.Bind("filter", 0);
        return result;
    }

    private static object? Default(object? value, Arguments arguments) =>
        arguments.Bind("default", 0, "default_value", "boolean") is var b
        && (value is Undefined || (b.Truth(1) && !PythonCompare.Truth(value)))
            ? b.Or(0, "")
            : value;

    private static object? Escape(object? value, Arguments arguments) => Only(arguments, PythonOperators.ToMarkup(value, arguments.Budget));
}
