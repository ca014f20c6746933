using System.Numerics;
using System.Text;
using ICPO.Jinja.Values;

namespace ICPO.Jinja.Library;

/// <summary>Filters that read, select and map the elements of a value.</summary>
internal static partial class TemplateFilters
{
    /// <summary>The elements of a value, counted against the budget.</summary>
    private static IEnumerable<object?> Charged(object? value, Budget budget)
    {
        foreach (object? item in PythonCompare.Iterate(value, budget))
        {
            budget.Evaluate();
            yield return item;
        }
    }

    private static IEnumerable<object?> Pairs(object? value)
    {
        IEnumerable<object?> pairs = value switch
        {
            Undefined => [],
            PythonDict dict => new DictView(dict, "items").Items,
            _ => throw new TemplateFault("Can only get item pairs from a mapping."),
        };
        foreach (object? pair in pairs)
        {
            yield return pair;
        }
    }

    /// <summary>The elements of a value, counted as elements of a new list.</summary>
    private static IEnumerable<object?> Kept(object? value, Budget budget)
    {
        foreach (object? item in Charged(value, budget))
        {
            budget.MakeElements(1);
            yield return item;
        }
    }

    private static object? Last(object? value, Budget budget)
    {
        object? none = new Undefined("No last item, sequence was empty.");
        return value switch
        {
            PythonIterator => throw new TemplateFault("'generator' object is not reversible"),
            PythonSequence sequence => sequence.Items.Length > 0 ? sequence.Items[^1] : none,
            string or Markup => PythonCompare.Truth(value) ? TemplateItems.Get(value, BigInteger.MinusOne, budget) : none,
            _ => Charged(value, budget).LastOrDefault(none),
        };
    }

    private static object? Length(object? value, Arguments arguments) =>
        Only(
            arguments,
            new BigInteger(
                PythonCompare.Length(value, arguments.Budget)
                    ?? throw new TemplateFault($"object of type '{PythonText.TypeName(value)}' has no len()")
            )
        );

    private static string Join(object? value, Arguments arguments)
    {
        Arguments.Bound bound = arguments.Bind("join", 0, "d", "attribute");
        IEnumerable<object?> items = Charged(value, arguments.Budget);
        if (bound[1] is not null)
        {
            items = items.Select(Getter(bound[1], arguments.Budget));
        }

        return PythonMethods.Join(PythonText.Str(bound.Or(0, ""), arguments.Budget), items, arguments.Budget, convert: true);
    }

    private static object? Reverse(object? value, Arguments arguments)
    {
        Only(arguments, null);
        if (PythonText.AsText(value) is { } text)
        {
            arguments.Budget.Make(text.Length);
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
            ? new PythonIterator(Kept(value, arguments.Budget).Reverse())
            : throw new TemplateFault("argument must be iterable");
    }

    private static PythonIterator Map(object? value, Arguments arguments)
    {
        if (!PythonCompare.Truth(value))
        {
            return new PythonIterator([]);
        }

        if (arguments.Positional.Count == 0 && arguments.Named.Any(n => n.Key == "attribute"))
        {
            Arguments.Bound bound = arguments.Bind("map", 0, "attribute", "default");
            return new PythonIterator(Charged(value, arguments.Budget).Select(Getter(bound[0], arguments.Budget, fallback: bound[1])));
        }

        string name = PythonText.AsText(arguments.Positional.Count > 0 ? arguments.Positional[0] : null)
            ?? throw new TemplateFault("map requires a filter argument");
        Arguments rest = arguments with { Positional = [.. arguments.Positional.Skip(1)] };
        return new PythonIterator(Charged(value, arguments.Budget).Select(item => Apply(name, item, rest)));
    }

    private static PythonIterator Select(object? value, Arguments arguments, bool keep, bool attribute)
    {
        if (!PythonCompare.Truth(value))
        {
            return new([]);
        }

        Func<object?, object?> get = attribute
            ? Getter(
                arguments.Positional.Count > 0 ? arguments.Positional[0] : throw new TemplateFault("Missing parameter for attribute name"),
                arguments.Budget
            )
            : static item => item;
        int offset = attribute ? 1 : 0;
        if (arguments.Positional.Count <= offset)
        {
            return new(Charged(value, arguments.Budget).Where(item => PythonCompare.Truth(get(item)) == keep));
        }

        string name = PythonText.AsText(arguments.Positional[offset]) ?? "";
        Arguments rest = arguments with { Positional = [.. arguments.Positional.Skip(offset + 1)] };
        return new(Charged(value, arguments.Budget).Where(item => TemplateTests.Apply(name, get(item), rest) == keep));
    }

    /// <summary>Reads "a.b.0" of each element, as make_attrgetter does.</summary>
    private static Func<object?, object?> Getter(object? attribute, Budget budget, bool ignoreCase = false, object? fallback = null)
    {
        object?[] parts = attribute switch
        {
            null => [],
            _ when PythonText.AsText(attribute) is { } text =>
            [
                .. PythonMethods
                    .Split(text, ".", -1, budget)
                    .Select(p => p.Length > 0 && p.All(char.IsAsciiDigit) ? PythonNumbers.ParseInteger(p, 10, budget) : (object)p),
            ],
            _ => [attribute],
        };
        return item =>
        {
            foreach (object? part in parts)
            {
                item = TemplateItems.Get(item, part, budget);
                item = item is Undefined && fallback is not null ? fallback : item;
            }

            return ignoreCase && PythonText.AsText(item) is { } text ? PythonCasing.Lower(text, budget) : item;
        };
    }
}
