using System.Numerics;

namespace ICPO.Jinja.Values;

/// <summary>The variable "loop" of a for loop. It reads one item ahead only when a template asks for it.</summary>
/// <param name="source">The value that is iterated, for its length; null to count the items.</param>
/// <param name="items">The items.</param>
/// <param name="depth">How many recursive loops are around it.</param>
/// <param name="recurse">Renders the loop over other items, one level deeper; null unless the loop is recursive.</param>
/// <param name="budget">What the loop counts against.</param>
internal sealed class LoopState(object? source, IEnumerable<object?> items, int depth, Func<object?, int, object?>? recurse, Budget budget)
    : IAttributes,
        ICallable
{
    private readonly IEnumerator<object?> _rest = items.GetEnumerator();
    private readonly Queue<object?> _ahead = new();
    private object? _current;
    private object? _previous;
    private object? _lastChanged;
    private int? _length = PythonCompare.Length(source, budget);

    public int Index0 { get; private set; } = -1;

    public int Length
    {
        get
        {
            if (_length is null)
            {
                while (_rest.MoveNext())
                {
                    _ahead.Enqueue(_rest.Current);
                }

                _length = Index0 + 1 + _ahead.Count;
            }

            return _length.Value;
        }
    }

    /// <summary>Moves to the next item.</summary>
    public bool Next(out object? item)
    {
        if (!Peek(out item))
        {
            return false;
        }

        _ahead.Dequeue();
        (_previous, _current) = (_current, item);
        Index0++;
        return true;
    }

    public bool TryGet(string name, out object? value)
    {
        value = name switch
        {
            "index" => new BigInteger(Index0 + 1),
            "index0" => new BigInteger(Index0),
            "revindex" => new BigInteger(Length - Index0),
            "revindex0" => new BigInteger(Length - Index0 - 1),
            "first" => Index0 == 0,
            "last" => !Peek(out _),
            "length" => new BigInteger(Length),
            "depth" => new BigInteger(depth + 1),
            "depth0" => new BigInteger(depth),
            "previtem" => Index0 == 0 ? new Undefined("there is no previous item") : _previous,
            "nextitem" => Peek(out object? next) ? next : new Undefined("there is no next item"),
            "cycle" => new Function("cycle", a =>
                a.Positional.Count > 0 ? a.Positional[Index0 % a.Positional.Count] : throw new TemplateFault("no items for cycling given")
            ),
            "changed" => new Function("changed", a => Changed(a)),
            _ => Undefined.Attribute(this, name, budget),
        };
        return value is not Undefined || name is "previtem" or "nextitem";
    }

    public object? Invoke(Arguments arguments) =>
        recurse is null
            ? throw new TemplateFault("The loop must have the 'recursive' marker to be called recursively.")
            : recurse(arguments.Bind("loop", 1, "iterable")[0], depth + 1);

    private bool Peek(out object? item)
    {
        if (_ahead.Count == 0 && _rest.MoveNext())
        {
            _ahead.Enqueue(_rest.Current);
        }

        return _ahead.TryPeek(out item);
    }

    private bool Changed(Arguments arguments)
    {
        var value = new PythonTuple([.. arguments.Positional]);
        bool changed = _lastChanged is null || !PythonCompare.Equal(_lastChanged, value, budget);
        _lastChanged = value;
        return changed;
    }
}
