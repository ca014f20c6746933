namespace ICPO.Jinja.Values;

/// <summary>A dict: keeps the order of its keys, and 1, 1.0 and True are the same key.</summary>
/// <param name="budget">What hashing and comparing keys counts against.</param>
internal sealed class PythonDict(Budget budget)
{
    private readonly OrderedDictionary<object, object?> _entries = Create(budget);

    public PythonDict(IEnumerable<KeyValuePair<string, object?>> entries, Budget budget)
        : this(budget)
    {
        foreach ((string key, object? value) in entries)
        {
            this[key] = value;
        }
    }

    public int Count => _entries.Count;

    /// <summary>Keys (None as null) and values in order.</summary>
    public IEnumerable<(object? Key, object? Value)> Entries => _entries.Select(e => (e.Key == KeyComparer.None ? null : e.Key, e.Value));

    public object? this[object? key]
    {
        set
        {
            budget.MakeElements(2);
            _entries[Key(key, budget)] = value;
        }
    }

    private static OrderedDictionary<object, object?> Create(Budget budget)
    {
        budget.MakeTable();
        return new(new KeyComparer(budget));
    }

    /// <exception cref="TemplateFault">The key is not hashable.</exception>
    public bool TryGet(object? key, out object? value) => _entries.TryGetValue(Key(key, budget), out value);

    /// <summary>The key under which a value is stored.</summary>
    /// <exception cref="TemplateFault">The value is not hashable.</exception>
    public static object Key(object? key, Budget budget)
    {
        switch (key)
        {
            case PythonList or PythonDict or DictView { Kind: not "values" }:
                throw new TemplateFault($"unhashable type: '{PythonText.TypeName(key)}'");
            case string or Markup:
                budget.Scan(PythonText.AsText(key)!.Length);
                break;
            case PythonTuple tuple:
                CallStack.Require(KeyComparer.TooDeep);
                budget.Scan(tuple.Items.Length + 1, perStep: 1);
                foreach (object? item in tuple.Items)
                {
                    Key(item, budget);
                }

                break;
        }

        return key ?? KeyComparer.None;
    }
}
