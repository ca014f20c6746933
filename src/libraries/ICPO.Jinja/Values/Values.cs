using System.Collections;
using System.Numerics;
using ICPO.Jinja.Rendering;

namespace ICPO.Jinja.Values;

// Python's values in a template: null is None; bool, BigInteger (int), double and string are themselves; the rest is here.
// Nothing can change a list, tuple or dict once it is made: the sandbox that transformers renders in forbids it.

/// <summary>A list or a tuple.</summary>
internal abstract class PythonSequence(object?[] items)
{
    public object?[] Items { get; } = items;
}

internal sealed class PythonList(object?[] items) : PythonSequence(items);

internal class PythonTuple(object?[] items) : PythonSequence(items);

/// <summary>A dict: keeps the order of its keys, and 1, 1.0 and True are the same key.</summary>
internal sealed class PythonDict
{
    private readonly OrderedDictionary<object, object?> _entries = new(KeyComparer.Instance);

    public PythonDict() { }

    public PythonDict(IEnumerable<KeyValuePair<string, object?>> entries)
    {
        foreach ((string? key, object? value) in entries)
        {
            this[key] = value;
        }
    }

    public int Count => _entries.Count;

    /// <summary>Keys (None as null) and values in order.</summary>
    public IEnumerable<(object? Key, object? Value)> Entries => _entries.Select(e => (e.Key == KeyComparer.None ? null : e.Key, e.Value));

    public object? this[object? key]
    {
        set => _entries[Key(key)] = value;
    }

    /// <exception cref="TemplateFault">The key is of a kind that cannot be one.</exception>
    public bool TryGet(object? key, out object? value) => _entries.TryGetValue(Key(key), out value);

    /// <summary>What stands for a value as a key.</summary>
    /// <exception cref="TemplateFault">It has no hash.</exception>
    public static object Key(object? key)
    {
        switch (key)
        {
            case PythonList or PythonDict or DictView { Kind: not "values" }:
                throw new TemplateFault($"unhashable type: '{PythonText.TypeName(key)}'");
            case string or Markup:
                TemplateRenderer.Scan(PythonText.AsText(key)!.Length);
                break;
            case PythonTuple tuple:
                CallStack.Require(KeyComparer.TooDeep);
                TemplateRenderer.Scan(tuple.Items.Length + 1, perStep: 1);
                foreach (object? item in tuple.Items)
                {
                    Key(item);
                }

                break;
        }

        return key ?? KeyComparer.None;
    }
}

/// <summary>Equality of dict keys.</summary>
internal sealed class KeyComparer : IEqualityComparer<object>
{
    public const string TooDeep = "values nest too deeply for a key";

    public static readonly object None = new();

    public static KeyComparer Instance { get; } = new();

    bool IEqualityComparer<object>.Equals(object? x, object? y) => ReferenceEquals(x, y) || PythonCompare.Equal(x, y);

    public int GetHashCode(object obj) =>
        obj switch
        {
            bool b => b ? 1 : 0,
            BigInteger i when i >= int.MinValue && i <= int.MaxValue => (int)i,
            BigInteger i => ((double)i).GetHashCode(),
            double d when d == Math.Floor(d) && Math.Abs(d) <= int.MaxValue => (int)d,
            Markup m => m.Value.GetHashCode(),
            PythonTuple t => Combined(t),
            Undefined => 7,
            _ => obj.GetHashCode(),
        };

    private int Combined(PythonTuple tuple)
    {
        CallStack.Require(TooDeep);
        int hash = 17;
        foreach (object? item in tuple.Items)
        {
            hash = HashCode.Combine(hash, item is null ? 0 : GetHashCode(item));
        }

        return hash;
    }
}

/// <summary>Text that counts as escaped: what is joined to it is escaped first.</summary>
internal sealed record Markup(string Value);

/// <summary>A name, attribute or item that is not there. It prints as nothing and is false; most uses of it are errors.</summary>
/// <param name="Hint">The error that a use of it gives.</param>
internal sealed record Undefined(string Hint)
{
    public static Undefined Name(string name) => new($"'{name}' is undefined");

    public static Undefined Attribute(object? of, object? name)
    {
        string type = of is null ? "None" : PythonText.TypeName(of) + " object";
        return new(
            PythonText.AsText(name) is { } text
                ? $"'{type}' has no attribute {PythonText.Repr(text)}"
                : $"{type} has no element {PythonText.Repr(name)}"
        );
    }

    /// <summary>What the sandbox does not let a template reach.</summary>
    public static Undefined Unsafe(object? of, string name) =>
        new($"access to attribute '{name}' of '{PythonText.TypeName(of)}' object is unsafe.");

    public TemplateFault Fail() => new(Hint);

    public bool Equals(Undefined? other) => other is not null;

    public override int GetHashCode() => 0;
}

/// <summary>Python's range; at most 100,000 long, as in Jinja2's sandbox.</summary>
internal sealed record PythonRange(BigInteger Start, BigInteger Stop, BigInteger Step)
{
    private const int Most = 100_000;

    public int Count { get; } = Length(Start, Stop, Step);

    public BigInteger this[int index] => Start + (index * Step);

    private static int Length(BigInteger start, BigInteger stop, BigInteger step)
    {
        BigInteger length =
            step.IsZero ? throw new TemplateFault("range() arg 3 must not be zero")
            : step > 0 ? (stop - start + step - 1) / step
            : (start - stop - step - 1) / -step;
        return length > Most
            ? throw new TemplateFault($"Range too big. The sandbox blocks ranges larger than MAX_RANGE ({Most}).")
            : (int)BigInteger.Max(length, 0);
    }
}

/// <summary>The live keys, values or items of a dict.</summary>
internal sealed record DictView(PythonDict Dict, string Kind)
{
    public IEnumerable<object?> Items =>
        Kind switch
        {
            "keys" => Dict.Entries.Select(e => e.Key),
            "values" => Dict.Entries.Select(e => e.Value),
            _ => Dict.Entries.Select(e => (object?)new PythonTuple([e.Key, e.Value])),
        };
}

/// <summary>An iterator (a generator or what reversed() gives): it can be gone through once and has no length.</summary>
internal sealed class PythonIterator(IEnumerable<object?> items) : IEnumerable<object?>, IDisposable
{
    private readonly IEnumerator<object?> _rest = items.GetEnumerator();

    public IEnumerator<object?> GetEnumerator()
    {
        while (Next())
        {
            yield return _rest.Current;
        }
    }

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    public void Dispose() => _rest.Dispose();

    /// <summary>Moves on: an iterator over an iterator, and so on, goes as deep as they nest.</summary>
    private bool Next()
    {
        CallStack.Require("maximum recursion depth exceeded");
        return _rest.MoveNext();
    }
}

/// <summary>A namespace: the one thing whose attributes a template can set.</summary>
internal sealed class TemplateNamespace
{
    public PythonDict Attributes { get; init; } = new();
}

/// <summary>Something that can be called.</summary>
/// <param name="Name">For errors.</param>
/// <param name="Invoke">What it does.</param>
internal sealed record Function(string Name, Func<Arguments, object?> Invoke);

/// <summary>An object with attributes of its own: loop, cycler, macro, an element of groupby.</summary>
internal interface IAttributes
{
    /// <returns>False where it has no such attribute.</returns>
    bool TryGet(string name, out object? value);
}

/// <summary>An object that can be called.</summary>
internal interface ICallable
{
    object? Invoke(Arguments arguments);
}
