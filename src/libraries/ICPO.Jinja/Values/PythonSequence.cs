namespace ICPO.Jinja.Values;

// Values of a template: null is None; bool, BigInteger (int), double and string represent themselves; the other types are in this
// folder. Lists, tuples and dicts are immutable once created: transformers renders in a sandbox that forbids changing them.

/// <summary>A list or a tuple.</summary>
internal abstract class PythonSequence(object?[] items)
{
    public object?[] Items { get; } = items;
}

internal sealed class PythonList(object?[] items) : PythonSequence(items);

internal class PythonTuple(object?[] items) : PythonSequence(items);
