using ICPO.Jinja.Values;

namespace ICPO.Jinja.Library;

/// <summary>Filters that order and group.</summary>
internal static partial class TemplateFilters
{
    private static PythonList Sort(object? value, Arguments arguments)
    {
        Arguments.Bound bound = arguments.Bind("sort", 0, "reverse", "case_sensitive", "attribute");
        bool ignoreCase = !bound.Truth(1);
        object?[] attributes = PythonText.AsText(bound[2]) is { } names
            ? PythonMethods.Split(names, ",", -1, arguments.Budget).ToArray()
            : [bound[2]];
        Func<object?, object?>[] getters = attributes.Select(a => Getter(a, arguments.Budget, ignoreCase)).ToArray();

        // Keys are lists, as in Jinja2: equal parts that have no order, such as None, do not fail.
        return new PythonList(
            PythonCompare.Sort(
                [.. Kept(value, arguments.Budget)],
                item => new PythonList([.. getters.Select(g => g(item))]),
                bound.Truth(0),
                arguments.Budget
            )
        );
    }

    private static PythonList DictSort(object? value, Arguments arguments)
    {
        Arguments.Bound bound = arguments.Bind("dictsort", 0, "case_sensitive", "by", "reverse");
        string by = bound.Text(1) ?? "key";
        PythonDict dict =
            value as PythonDict
            ?? throw (value as Undefined)?.Fail() ?? new TemplateFault($"'{PythonText.TypeName(value)}' object has no attribute 'items'");
        if (by is not ("key" or "value"))
        {
            throw new TemplateFault("You can only sort by either \"key\" or \"value\"");
        }

        bool ignoreCase = !bound.Truth(0);
        return new PythonList(PythonCompare.Sort([.. new DictView(dict, "items").Items], Key, bound.Truth(2), arguments.Budget));

        object? Key(object? entry)
        {
            object? part = ((PythonTuple)entry!).Items[by == "key" ? 0 : 1];
            return ignoreCase && PythonText.AsText(part) is { } text ? PythonCasing.Lower(text, arguments.Budget) : part;
        }
    }

    private static PythonIterator Unique(object? value, Arguments arguments)
    {
        Arguments.Bound bound = arguments.Bind("unique", 0, "case_sensitive", "attribute");
        (Func<object?, object?>? key, PythonDict? seen) = (
            Getter(bound[1], arguments.Budget, !bound.Truth(0)),
            new PythonDict(arguments.Budget)
        );
        return new(
            Charged(value, arguments.Budget)
                .Where(item =>
                {
                    object? k = key(item);
                    bool known = seen.TryGet(k, out _);
                    seen[k] = null;
                    return !known;
                })
        );
    }

    private static object? Extreme(object? value, Arguments arguments, string op)
    {
        Arguments.Bound bound = arguments.Bind(op == "<" ? "min" : "max", 0, "case_sensitive", "attribute");
        Func<object?, object?> key = Getter(bound[1], arguments.Budget, !bound.Truth(0));
        object? best = new Undefined("No aggregated item, sequence was empty.");
        object? bestKey = null;
        bool any = false;
        foreach (object? item in Charged(value, arguments.Budget))
        {
            object? k = key(item);
            if (!any || PythonCompare.Ordered(op, k, bestKey, arguments.Budget))
            {
                (best, bestKey, any) = (item, k, true);
            }
        }

        return best;
    }

    private static PythonList GroupBy(object? value, Arguments arguments)
    {
        Arguments.Bound bound = arguments.Bind("groupby", 1, "attribute", "default", "case_sensitive");
        bool ignoreCase = !bound.Truth(2);
        (Func<object?, object?>? key, Func<object?, object?>? plain) = (
            Getter(bound[0], arguments.Budget, ignoreCase, bound[1]),
            Getter(bound[0], arguments.Budget, false, bound[1])
        );
        var groups = new List<(object? Key, List<object?> Items)>();
        foreach (object? item in PythonCompare.Sort([.. Kept(value, arguments.Budget)], key, false, arguments.Budget))
        {
            object? k = key(item);
            if (groups.Count == 0 || !PythonCompare.Equal(groups[^1].Key, k, arguments.Budget))
            {
                groups.Add((k, []));
            }

            groups[^1].Items.Add(item);
        }

        return new([.. groups.Select(g => new GroupElement(ignoreCase ? plain(g.Items[0]) : g.Key, new PythonList([.. g.Items])))]);
    }

    private static PythonIterator Batch(object? value, Arguments arguments)
    {
        Arguments.Bound bound = arguments.Bind("batch", 1, "linecount", "fill_with");
        int size = bound.Integer(0, 1);
        return new(Rows());

        IEnumerable<object?> Rows()
        {
            var row = new List<object?>();
            foreach (object? item in Kept(value, arguments.Budget))
            {
                if (row.Count == size)
                {
                    yield return new PythonList([.. row]);
                    row.Clear();
                }

                row.Add(item);
            }

            if (row.Count > 0)
            {
                int missing = bound[1] is null ? 0 : Math.Max(0, size - row.Count);
                arguments.Budget.MakeElements(missing);
                yield return new PythonList([.. row, .. Enumerable.Repeat(bound[1], missing)]);
            }
        }
    }

    private static PythonIterator Slice(object? value, Arguments arguments)
    {
        Arguments.Bound bound = arguments.Bind("slice", 1, "slices", "fill_with");
        return new(Rows());

        IEnumerable<object?> Rows()
        {
            (object?[]? items, int slices) = (Kept(value, arguments.Budget).ToArray(), bound.Integer(0, 1));
            if (slices == 0)
            {
                throw new TemplateFault("integer division or modulo by zero");
            }

            (int each, int extra) = Math.DivRem(items.Length, slices);
            for ((int i, int start) = (0, 0); i < slices; i++)
            {
                arguments.Budget.Step();
                int count = each + (i < extra ? 1 : 0);
                yield return new PythonList([
                    .. items[start..(start + count)],
                    .. i >= extra && bound[1] is not null ? new[] { bound[1] } : [],
                ]);
                start += count;
            }
        }
    }
}

/// <summary>An element of groupby: a pair whose parts also have names.</summary>
internal sealed class GroupElement(object? grouper, PythonList list) : PythonTuple([grouper, list]), IAttributes
{
    public bool TryGet(string name, out object? value)
    {
        value = name switch
        {
            "grouper" => grouper,
            "list" => list,
            _ => null,
        };
        return name is "grouper" or "list";
    }
}
