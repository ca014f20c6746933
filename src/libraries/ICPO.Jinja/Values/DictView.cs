namespace ICPO.Jinja.Values;

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
