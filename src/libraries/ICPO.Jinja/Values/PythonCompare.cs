using System.Numerics;

namespace ICPO.Jinja.Values;

/// <summary>Truth, equality, order, membership and iteration as in Python.</summary>
internal static class PythonCompare
{
    public static bool Truth(object? value) =>
        value switch
        {
            null or Undefined => false,
            bool b => b,
            BigInteger i => !i.IsZero,
            double d => d != 0,
            string s => s.Length > 0,
            Markup m => m.Value.Length > 0,
            PythonSequence s => s.Items.Length > 0,
            PythonDict d => d.Count > 0,
            DictView v => v.Dict.Count > 0,
            PythonRange r => r.Count > 0,
            LoopState l => l.Length > 0,
            _ => true,
        };

    public static bool Equal(object? a, object? b, Budget budget)
    {
        CallStack.Require("values nest too deeply to be compared");
        budget.Scan(1, perStep: 1);
        if (ReferenceEquals(a, b))
        {
            return a is not double.NaN;
        }

        if (PythonText.AsText(a) is { } text)
        {
            return PythonText.AsText(b) is { } other && other.Length == text.Length && SameText(text, other, budget);
        }

        if (Number(a) is { } x && Number(b) is { } y)
        {
            return CompareNumbers(x, y) == 0;
        }

        return (a, b) switch
        {
            (PythonList l, PythonList r) => AllEqual(l.Items, r.Items, budget),
            (PythonTuple l, PythonTuple r) => AllEqual(l.Items, r.Items, budget),
            (PythonDict l, PythonDict r) => l.Count == r.Count
                && l.Entries.All(e => r.TryGet(e.Key, out object? value) && Equal(e.Value, value, budget)),
            (PythonRange l, PythonRange r) => l.Count == r.Count && (l.Count == 0 || (l[0] == r[0] && l[^1] == r[^1])),
            (DictView l, DictView r) when l.Kind != "values" && r.Kind != "values" => l.Dict.Count == r.Dict.Count
                && l.Items.All(i => r.Items.Any(j => Equal(i, j, budget))),
            (Undefined, Undefined) => true,
            _ => false,
        };
    }

    /// <summary>a &lt; b (or ≤, &gt;, ≥ by the operator).</summary>
    /// <exception cref="TemplateFault">They cannot be ordered.</exception>
    public static bool Ordered(string op, object? a, object? b, Budget budget)
    {
        CallStack.Require("values nest too deeply to be compared");
        if (a is Undefined || b is Undefined)
        {
            throw ((a as Undefined) ?? (Undefined)b!).Fail();
        }

        if (PythonText.AsText(a) is { } s && PythonText.AsText(b) is { } t)
        {
            return Holds(op, CompareText(s, t, budget));
        }

        if (Number(a) is { } x && Number(b) is { } y)
        {
            return CompareNumbers(x, y) is { } order && Holds(op, order);
        }

        if (a is PythonSequence l && b is PythonSequence r && a is PythonList == b is PythonList)
        {
            for (int i = 0; i < Math.Min(l.Items.Length, r.Items.Length); i++)
            {
                if (!Equal(l.Items[i], r.Items[i], budget))
                {
                    return Ordered(op, l.Items[i], r.Items[i], budget);
                }
            }

            return Holds(op, l.Items.Length.CompareTo(r.Items.Length));
        }

        throw new TemplateFault($"'{op}' not supported between instances of '{PythonText.TypeName(a)}' and '{PythonText.TypeName(b)}'");
    }

    public static bool Contains(object? container, object? item, Budget budget)
    {
        switch (container)
        {
            case string or Markup:
                string text = PythonText.AsText(item)
                    ?? throw (item as Undefined)?.Fail()
                        ?? new TemplateFault($"'in <string>' requires string as left operand, not {PythonText.TypeName(item)}");
                string whole = PythonText.AsText(container)!;
                budget.Scan(whole.Length);
                return TextSearch.First(whole, text, 0, budget) >= 0;
            case PythonDict dict:
                return dict.TryGet(item, out _);
            case DictView { Kind: "keys" } view:
                return view.Dict.TryGet(item, out _);
            case Function or ICallable or TemplateNamespace or null or bool or BigInteger or double:
                throw new TemplateFault($"argument of type '{PythonText.TypeName(container)}' is not iterable");
            default:
                return Iterate(container, budget).Any(element => ReferenceEquals(element, item) || Equal(element, item, budget));
        }
    }

    /// <exception cref="TemplateFault">It is not iterable.</exception>
    public static IEnumerable<object?> Iterate(object? value, Budget budget) =>
        value switch
        {
            PythonSequence s => s.Items,
            PythonDict d => d.Entries.Select(e => e.Key),
            DictView v => v.Items,
            PythonRange r => Enumerable.Range(0, r.Count).Select(i => (object?)r[i]),
            PythonIterator i => i,
            Undefined => [],
            _ => PythonText.AsText(value) is { } text
                ? PythonText.Characters(text, budget)
                : throw new TemplateFault($"'{PythonText.TypeName(value)}' object is not iterable"),
        };

    public static bool IsIterable(object? value) =>
        value is PythonSequence or PythonDict or DictView or PythonRange or PythonIterator or Undefined or string or Markup or LoopState;

    /// <summary>Number of elements; null if Python's len() fails.</summary>
    public static int? Length(object? value, Budget budget) =>
        value switch
        {
            PythonSequence s => s.Items.Length,
            PythonDict d => d.Count,
            DictView v => v.Dict.Count,
            PythonRange r => r.Count,
            LoopState l => l.Length,
            Undefined => 0,
            _ => PythonText.AsText(value) is { } text ? PythonText.Length(text, budget) : null,
        };

    /// <summary>Sorts stably by Python's less-than.</summary>
    public static object?[] Sort(IReadOnlyList<object?> items, Func<object?, object?> key, bool reverse, Budget budget)
    {
        (object? Item, object? Key)[] order = items.Select(i => (Item: i, Key: key(i))).ToArray();
        if (reverse)
        {
            Array.Reverse(order); // equal elements keep their order, as in Python
        }

        var buffer = new (object? Item, object? Key)[order.Length];
        for (int width = 1; width < order.Length; width *= 2)
        {
            for (int start = 0; start < order.Length; start += 2 * width)
            {
                (int left, int middle, int end) = (
                    start,
                    Math.Min(start + width, order.Length),
                    Math.Min(start + (2 * width), order.Length)
                );
                int right = middle;
                for (int i = start; i < end; i++)
                {
                    budget.Step();
                    buffer[i] =
                        left < middle && (right >= end || !Ordered("<", order[right].Key, order[left].Key, budget))
                            ? order[left++]
                            : order[right++];
                }
            }

            (order, buffer) = (buffer, order);
        }

        if (reverse)
        {
            Array.Reverse(order);
        }

        return [.. order.Select(o => o.Item)];
    }

    private static object? Number(object? value) =>
        value switch
        {
            bool b => b ? BigInteger.One : BigInteger.Zero,
            BigInteger or double => value,
            _ => null,
        };

    /// <summary>Null if one is NaN.</summary>
    private static int? CompareNumbers(object a, object b) =>
        (a, b) switch
        {
            (BigInteger x, BigInteger y) => x.CompareTo(y),
            (double x, double y) => double.IsNaN(x) || double.IsNaN(y) ? null : x.CompareTo(y),
            (double x, BigInteger y) => -CompareNumbers(y, x),
            (BigInteger x, double y) when double.IsNaN(y) => null,
            (BigInteger x, double y) when double.IsInfinity(y) => y > 0 ? -1 : 1,
            (BigInteger x, double y) when x.CompareTo(new BigInteger(Math.Floor(y))) is var order and not 0 => order,
            (BigInteger, double y) => y > Math.Floor(y) ? -1 : 0,
            _ => null,
        };

    private static bool Holds(string op, int order) =>
        op switch
        {
            "<" => order < 0,
            "<=" => order <= 0,
            ">" => order > 0,
            _ => order >= 0,
        };

    /// <summary>Compares by code points; UTF-16 order would put supplementary characters before U+E000.</summary>
    private static int CompareText(string a, string b, Budget budget)
    {
        budget.Scan(Math.Min(a.Length, b.Length));
        int at = a.AsSpan().CommonPrefixLength(b);
        if (at == a.Length || at == b.Length)
        {
            return a.Length.CompareTo(b.Length);
        }

        (char x, char y) = (a[at], b[at]);
        if (char.IsSurrogate(x) == char.IsSurrogate(y))
        {
            return x.CompareTo(y);
        }

        if (char.IsSurrogate(x))
        {
            return 1;
        }

        return -1;
    }

    private static bool SameText(string a, string b, Budget budget)
    {
        budget.Scan(a.Length);
        return a == b;
    }

    private static bool AllEqual(object?[] a, object?[] b, Budget budget) =>
        a.Length == b.Length && a.Zip(b).All(p => Equal(p.First, p.Second, budget));
}
