using System.Collections.Frozen;
using System.Numerics;
using System.Text;
using ICPO.Jinja.Rendering;
using ICPO.Jinja.Values;

namespace ICPO.Jinja.Library;

/// <summary>Jinja2's filters, with tojson as transformers replaces it. pprint, random and urlize are not there.</summary>
internal static partial class TemplateFilters
{
    internal delegate object? FilterFunction(object? value, Arguments arguments, TemplateRenderer renderer);

    public static FrozenDictionary<string, FilterFunction> All { get; } =
        new Dictionary<string, FilterFunction>
        {
            ["abs"] = (v, a, _) =>
                a.Bind("abs", 0) is var _ && v is double d ? Math.Abs(d)
                : PythonNumbers.AsInteger(v) is { } i ? BigInteger.Abs(i)
                : throw (v as Undefined)?.Fail() ?? new TemplateFault($"bad operand type for abs(): '{PythonText.TypeName(v)}'"),
            ["attr"] = (v, a, _) =>
                a.Bind("attr", 1, "name").Text(0)! is var name && v is Undefined u ? throw u.Fail()
                : name.StartsWith("__", StringComparison.Ordinal) ? Undefined.Unsafe(v, name)
                : PythonMethods.TryGet(v, name, out object? found) ? found
                : Undefined.Attribute(v, name),
            ["batch"] = Batch,
            ["capitalize"] = Text(static (s, a, _) => Only(a, PythonCasing.Capitalize(s))),
            ["center"] = Text(static (s, a, r) => PythonMethods.Center(s, a.Bind("center", 0, "width").Integer(0, 80), ' ', r.Budget)),
            ["count"] = Length,
            ["d"] = Default,
            ["default"] = Default,
            ["dictsort"] = DictSort,
            ["e"] = Escape,
            ["escape"] = Escape,
            ["filesizeformat"] = FileSize,
            ["first"] = (v, a, _) =>
                Only(
                    a,
                    PythonCompare.Iterate(v).Take(1).ToList() is [var first] ? first : new Undefined("No first item, sequence was empty.")
                ),
            ["float"] = Float,
            ["forceescape"] = (v, a, _) => Only(a, new Markup(PythonOperators.Escape(PythonText.Str(v)))),
            ["format"] = Format,
            ["groupby"] = GroupBy,
            ["indent"] = Indent,
            ["int"] = Int,
            ["items"] = (v, a, _) => Only(a, new PythonIterator(Pairs(v))),
            ["join"] = Join,
            ["last"] = (v, a, r) => Only(a, Last(v, r)),
            ["length"] = Length,
            ["list"] = (v, a, r) => Only(a, new PythonList([.. Kept(v, r)])),
            ["lower"] = Text(static (s, a, _) => Only(a, PythonCasing.Lower(s))),
            ["map"] = Map,
            ["max"] = (v, a, r) => Extreme(v, a, r, ">"),
            ["min"] = (v, a, r) => Extreme(v, a, r, "<"),
            ["reject"] = (v, a, r) => Select(v, a, r, keep: false, attribute: false),
            ["rejectattr"] = (v, a, r) => Select(v, a, r, keep: false, attribute: true),
            ["replace"] = Replace,
            ["reverse"] = Reverse,
            ["round"] = Round,
            ["safe"] = (v, a, _) => Only(a, new Markup(PythonText.Str(v))),
            ["select"] = (v, a, r) => Select(v, a, r, keep: true, attribute: false),
            ["selectattr"] = (v, a, r) => Select(v, a, r, keep: true, attribute: true),
            ["slice"] = Slice,
            ["sort"] = Sort,
            ["string"] = (v, a, _) => Only(a, v is Markup ? v : PythonText.Str(v)),
            ["striptags"] = StripTags,
            ["sum"] = Sum,
            ["title"] = (v, a, _) => Only(a, Title(PythonText.Str(v))),
            ["tojson"] = ToJson,
            ["trim"] = Text(
                static (s, a, _) =>
                    a.Bind("trim", 0, "chars") is var b ? PythonMethods.Strip(s, b[0] is null ? null : b.Text(0), true, true) : s
            ),
            ["truncate"] = Truncate,
            ["unique"] = Unique,
            ["upper"] = Text(static (s, a, _) => Only(a, PythonCasing.Upper(s))),
            ["urlencode"] = UrlEncode,
            ["wordcount"] = Text(static (s, a, _) => Only(a, new BigInteger(PythonMethods.Words(s)))),
            ["wordwrap"] = WordWrap,
            ["xmlattr"] = XmlAttributes,
        }.ToFrozenDictionary();

    /// <summary>A filter of text: anything else is printed first, escaped text stays escaped.</summary>
    private static FilterFunction Text(Func<string, Arguments, TemplateRenderer, object?> filter) =>
        (value, arguments, renderer) =>
            filter(PythonText.Str(value), arguments, renderer) is var result && value is Markup && result is string text
                ? new Markup(text)
                : result;

    private static object? Only(Arguments arguments, object? result)
    {
        arguments.Bind("filter", 0);
        return result;
    }

    /// <summary>The elements of a value, counted against the budget.</summary>
    private static IEnumerable<object?> Charged(object? value, TemplateRenderer renderer)
    {
        foreach (object? item in PythonCompare.Iterate(value))
        {
            renderer.Budget.Step();
            yield return item;
        }
    }

    private static IEnumerable<object?> Pairs(object? value)
    {
        IEnumerable<object?> pairs =
            value is Undefined ? []
            : value is PythonDict dict ? new DictView(dict, "items").Items
            : throw new TemplateFault("Can only get item pairs from a mapping.");
        foreach (object? pair in pairs)
        {
            yield return pair;
        }
    }

    /// <summary>The elements of a value, counted as those of a list that is made of them.</summary>
    private static IEnumerable<object?> Kept(object? value, TemplateRenderer renderer)
    {
        foreach (object? item in Charged(value, renderer))
        {
            renderer.Budget.MakeElements(1);
            yield return item;
        }
    }

    private static object? Last(object? value, TemplateRenderer renderer)
    {
        object? none = new Undefined("No last item, sequence was empty.");
        return value switch
        {
            PythonIterator => throw new TemplateFault("'generator' object is not reversible"),
            PythonSequence sequence => sequence.Items.Length > 0 ? sequence.Items[^1] : none,
            string or Markup => PythonCompare.Truth(value) ? TemplateItems.Get(value, BigInteger.MinusOne) : none,
            _ => Charged(value, renderer).LastOrDefault(none),
        };
    }

    private static object? Length(object? value, Arguments arguments, TemplateRenderer renderer) =>
        Only(
            arguments,
            new BigInteger(
                PythonCompare.Length(value) ?? throw new TemplateFault($"object of type '{PythonText.TypeName(value)}' has no len()")
            )
        );

    private static object? Default(object? value, Arguments arguments, TemplateRenderer renderer) =>
        arguments.Bind("default", 0, "default_value", "boolean") is var b
        && (value is Undefined || (b.Truth(1) && !PythonCompare.Truth(value)))
            ? b.Or(0, "")
            : value;

    private static object? Escape(object? value, Arguments arguments, TemplateRenderer renderer) =>
        Only(arguments, PythonOperators.ToMarkup(value));

    private static object? Int(object? value, Arguments arguments, TemplateRenderer renderer)
    {
        Arguments.Bound bound = arguments.Bind("int", 0, "default", "base");
        return value switch
        {
            Undefined undefined => throw undefined.Fail(),
            double d when double.IsInfinity(d) => throw new TemplateFault("cannot convert float infinity to integer"),
            _ when PythonNumbers.AsInteger(value) is { } whole => whole,
            _ when PythonText.AsText(value) is { } text && PythonNumbers.ParseInteger(text, bound.Integer(1, 10)) is { } parsed => parsed,
            _ when (value as double? ?? (PythonText.AsText(value) is { } real ? PythonNumbers.ParseDouble(real) : null)) is { } number
                    && double.IsFinite(number) => new BigInteger(Math.Truncate(number)),
            _ => bound.Or(0, BigInteger.Zero),
        };
    }

    private static object? Float(object? value, Arguments arguments, TemplateRenderer renderer)
    {
        Arguments.Bound bound = arguments.Bind("float", 0, "default");
        return value is Undefined undefined
            ? throw undefined.Fail()
            : PythonNumbers.AsDouble(value)
                ?? (PythonText.AsText(value) is { } text ? PythonNumbers.ParseDouble(text) : null)
                ?? bound.Or(0, 0.0);
    }

    private static object? Round(object? value, Arguments arguments, TemplateRenderer renderer)
    {
        Arguments.Bound bound = arguments.Bind("round", 0, "precision", "method");
        (int precision, string? method) = (bound.Integer(0, 0), bound.Text(1) ?? "common");
        if (method == "common")
        {
            return PythonNumbers.Round(value, precision);
        }

        if (method is not ("ceil" or "floor"))
        {
            throw new TemplateFault("method must be common, ceil or floor");
        }

        object? scale = PythonOperators.Apply("**", new BigInteger(10), new BigInteger(precision), renderer.Budget);
        object? scaled = PythonOperators.Apply("*", value, scale, renderer.Budget);
        if (scaled is double d)
        {
            scaled = double.IsFinite(d)
                ? new BigInteger(method == "ceil" ? Math.Ceiling(d) : Math.Floor(d))
                : throw new TemplateFault("cannot convert float infinity or NaN to integer");
        }

        return PythonOperators.Apply("/", scaled, scale, renderer.Budget);
    }

    private static string Join(object? value, Arguments arguments, TemplateRenderer renderer)
    {
        Arguments.Bound bound = arguments.Bind("join", 0, "d", "attribute");
        IEnumerable<object?> items = Charged(value, renderer);
        if (bound[1] is not null)
        {
            items = items.Select(Getter(bound[1], renderer));
        }

        return PythonMethods.Join(PythonText.Str(bound.Or(0, "")), items, renderer.Budget, convert: true);
    }

    private static object? Reverse(object? value, Arguments arguments, TemplateRenderer renderer)
    {
        Only(arguments, null);
        if (PythonText.AsText(value) is { } text)
        {
            renderer.Budget.Make(text.Length);
            var reversed = new StringBuilder(text.Length);
            for (int at = text.Length; at > 0; )
            {
                int size = PythonText.Size(PythonText.PointBefore(text, at));
                at -= size;
                reversed.Append(text, at, size);
            }

            return value is Markup ? new Markup(reversed.ToString()) : reversed.ToString();
        }

        return PythonCompare.IsIterable(value)
            ? new PythonIterator(Kept(value, renderer).Reverse())
            : throw new TemplateFault("argument must be iterable");
    }

    private static object? Sum(object? value, Arguments arguments, TemplateRenderer renderer)
    {
        Arguments.Bound bound = arguments.Bind("sum", 0, "attribute", "start");
        IEnumerable<object?> items = Charged(value, renderer);
        if (bound[0] is not null)
        {
            items = items.Select(Getter(bound[0], renderer));
        }

        object? start = bound.Or(1, BigInteger.Zero);
        return start is string or Markup
            ? throw new TemplateFault("sum() can't sum strings [use ''.join(seq) instead]")
            : items.Aggregate(start, (sum, item) => PythonOperators.Apply("+", sum, item, renderer.Budget));
    }

    private static PythonIterator Map(object? value, Arguments arguments, TemplateRenderer renderer)
    {
        if (!PythonCompare.Truth(value))
        {
            return new PythonIterator([]);
        }

        if (arguments.Positional.Count == 0 && arguments.Named.Any(n => n.Key == "attribute"))
        {
            Arguments.Bound bound = arguments.Bind("map", 0, "attribute", "default");
            return new PythonIterator(Charged(value, renderer).Select(Getter(bound[0], renderer, fallback: bound[1])));
        }

        string name = PythonText.AsText(arguments.Positional.Count > 0 ? arguments.Positional[0] : null)
            ?? throw new TemplateFault("map requires a filter argument");
        Arguments rest = new([.. arguments.Positional.Skip(1)], arguments.Named);
        return new PythonIterator(Charged(value, renderer).Select(item => renderer.ApplyFilter(name, item, rest)));
    }

    private static PythonIterator Select(object? value, Arguments arguments, TemplateRenderer renderer, bool keep, bool attribute)
    {
        if (!PythonCompare.Truth(value))
        {
            return new([]);
        }

        Func<object?, object?> get = attribute
            ? Getter(
                arguments.Positional.Count > 0 ? arguments.Positional[0] : throw new TemplateFault("Missing parameter for attribute name"),
                renderer
            )
            : static item => item;
        int offset = attribute ? 1 : 0;
        if (arguments.Positional.Count <= offset)
        {
            return new(Charged(value, renderer).Where(item => PythonCompare.Truth(get(item)) == keep));
        }

        string name = PythonText.AsText(arguments.Positional[offset]) ?? "";
        Arguments rest = new([.. arguments.Positional.Skip(offset + 1)], arguments.Named);
        return new(Charged(value, renderer).Where(item => TemplateRenderer.ApplyTest(name, get(item), rest) == keep));
    }

    /// <summary>Reads "a.b.0" of each element, as make_attrgetter does.</summary>
    private static Func<object?, object?> Getter(
        object? attribute,
        TemplateRenderer renderer,
        bool ignoreCase = false,
        object? fallback = null
    )
    {
        object?[] parts = attribute switch
        {
            null => [],
            _ when PythonText.AsText(attribute) is { } text =>
            [
                .. PythonMethods
                    .Split(text, ".", -1)
                    .Select(p => p.Length > 0 && p.All(char.IsAsciiDigit) ? PythonNumbers.ParseInteger(p, 10) : (object)p),
            ],
            _ => [attribute],
        };
        return item =>
        {
            foreach (object? part in parts)
            {
                item = TemplateItems.Get(item, part);
                item = item is Undefined && fallback is not null ? fallback : item;
            }

            return ignoreCase && PythonText.AsText(item) is { } text ? PythonCasing.Lower(text) : item;
        };
    }
}
