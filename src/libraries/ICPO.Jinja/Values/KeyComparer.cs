using System.Numerics;

namespace ICPO.Jinja.Values;

/// <summary>Equality and hash codes of dict keys.</summary>
internal sealed class KeyComparer(Budget budget) : IEqualityComparer<object>
{
    public const string TooDeep = "values nest too deeply for a key";

    /// <summary>None as a key.</summary>
    public static readonly object None = new();

    bool IEqualityComparer<object>.Equals(object? x, object? y) => ReferenceEquals(x, y) || PythonCompare.Equal(x, y, budget);

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
