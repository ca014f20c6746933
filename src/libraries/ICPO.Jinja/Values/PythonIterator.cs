using System.Collections;

namespace ICPO.Jinja.Values;

/// <summary>An iterator (a generator, or the result of reversed()): it can be enumerated once and has no length.</summary>
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

    /// <summary>Advances; iterators over iterators use the stack, as deep as they nest.</summary>
    private bool Next()
    {
        CallStack.Require("maximum recursion depth exceeded");
        return _rest.MoveNext();
    }
}
