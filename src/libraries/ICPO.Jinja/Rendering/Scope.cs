using ICPO.Jinja.Values;

namespace ICPO.Jinja.Rendering;

/// <summary>Variables of a template, a loop's iteration or a macro's call; other names are looked up in the outer scope.</summary>
internal sealed class Scope(Scope? outer, Budget budget)
{
    private const int ScopesPerStep = 16;

    private readonly Dictionary<string, object?> _values = [];

    public void Set(string name, object? value) => _values[name] = value;

    public object? Get(string name)
    {
        int depth = 0;
        for (Scope? scope = this; scope is not null; scope = scope.Outer)
        {
            budget.Scan(++depth % ScopesPerStep == 0 ? 1 : 0, perStep: 1);
            if (scope._values.TryGetValue(name, out object? value))
            {
                return value;
            }
        }

        return Undefined.Name(name);
    }

    private Scope? Outer => outer;
}
