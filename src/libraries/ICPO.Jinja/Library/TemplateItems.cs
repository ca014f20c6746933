using System.Numerics;
using ICPO.Jinja.Values;

namespace ICPO.Jinja.Library;

/// <summary>value[item] and value[start:stop:step].</summary>
internal static class TemplateItems
{
    /// <summary>The item, else the attribute of that name, else undefined.</summary>
    public static object? Get(object? value, object? item, Budget budget)
    {
        if (value is Undefined undefined)
        {
            throw undefined.Fail();
        }

        if (TryGet(value, item, budget, out object? found))
        {
            return found;
        }

        if (PythonText.AsText(item) is not { } name)
        {
            return Undefined.Attribute(value, item, budget);
        }

        if (name.StartsWith("__", StringComparison.Ordinal))
        {
            return Undefined.Unsafe(value, name);
        }

        return PythonMethods.TryGet(value, name, out object? attribute) ? attribute : Undefined.Attribute(value, item, budget);
    }

    /// <exception cref="TemplateFault">The value cannot be sliced, or a bound is not an integer.</exception>
    public static object? Slice(object? value, object? start, object? stop, object? step, Budget budget)
    {
        if (value is Undefined undefined)
        {
            throw undefined.Fail();
        }

        int? length = value is PythonDict or DictView or PythonIterator or TemplateNamespace or LoopState
            ? null
            : PythonCompare.Length(value, budget);
        if (length is not { } count)
        {
            throw new TemplateFault(
                value is PythonDict ? "unhashable type: 'slice'" : $"'{PythonText.TypeName(value)}' object is not subscriptable"
            );
        }

        BigInteger by = Bound(step) ?? 1;
        if (by.IsZero)
        {
            throw new TemplateFault("slice step cannot be zero");
        }

        (int lowest, int highest) = by.Sign > 0 ? (0, count) : (-1, count - 1);
        if (value is PythonRange whole)
        {
            // Empty ranges keep their bounds, since Python prints them.
            (int first, int last) = (
                Place(Bound(start) ?? (by.Sign > 0 ? 0 : count - 1)),
                Place(Bound(stop) ?? (by.Sign > 0 ? count : -1 - (BigInteger)count))
            );
            return new PythonRange(whole[first], whole[last], whole.Step * by);
        }

        (int from, int end) = (
            Place(Bound(start) ?? (by.Sign > 0 ? 0 : count - 1)),
            Place(Bound(stop) ?? (by.Sign > 0 ? count : -1 - (BigInteger)count))
        );
        if (PythonText.AsText(value) is { } text)
        {
            string part = by.IsOne ? PythonText.Part(text, from, end, budget) : Picked(text, Indices(from, end, by, budget), budget);
            budget.Make(part.Length);
            return value is Markup ? new Markup(part) : part;
        }

        object?[] items = ((PythonSequence)value!).Items;
        object?[] picked = [.. Indices(from, end, by, budget).Select(i => items[i])];
        return value is PythonList ? new PythonList(picked) : new PythonTuple(picked);

        int Place(BigInteger index) => (int)BigInteger.Min(BigInteger.Max(index.Sign < 0 ? index + count : index, lowest), highest);
    }

    private static List<int> Indices(int from, int end, BigInteger by, Budget budget)
    {
        var indices = new List<int>();
        for (BigInteger i = from; by.Sign > 0 ? i < end : i > end; i += by)
        {
            budget.MakeElements(1);
            indices.Add((int)i);
        }

        return indices;
    }

    private static string Picked(string text, List<int> indices, Budget budget)
    {
        int[] points = [.. PythonText.CodePoints(text, budget)];
        return string.Concat(indices.Select(i => PythonText.FromPoint(points[i])));
    }

    private static BigInteger? Bound(object? value) =>
        value switch
        {
            null => null,
            Undefined undefined => throw undefined.Fail(),
            _ => PythonNumbers.AsInteger(value)
                ?? throw new TemplateFault("slice indices must be integers or None or have an __index__ method"),
        };

    private static bool TryGet(object? value, object? item, Budget budget, out object? found)
    {
        found = null;
        if (value is PythonDict dict)
        {
            return item is not (PythonList or PythonDict) && dict.TryGet(item, out found);
        }

        if (
            PythonNumbers.AsInteger(item) is not { } index
            || PythonCompare.Length(value, budget) is not { } length
            || value is DictView or LoopState
        )
        {
            return false;
        }

        index += index.Sign < 0 ? length : 0;
        if (index.Sign < 0 || index >= length)
        {
            return false;
        }

        found = value switch
        {
            PythonSequence sequence => sequence.Items[(int)index],
            PythonRange range => range[(int)index],
            Markup markup => new Markup(PythonText.Part(markup.Value, (int)index, (int)index + 1, budget)),
            _ => PythonText.Part((string)value!, (int)index, (int)index + 1, budget),
        };
        return true;
    }
}
