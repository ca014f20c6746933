using System.Numerics;

namespace ICPO.Jinja.Values;

/// <summary>Python's range; at most 100,000 elements, as in Jinja2's sandbox.</summary>
internal sealed record PythonRange(BigInteger Start, BigInteger Stop, BigInteger Step)
{
    private const int MaxCount = 100_000;

    public int Count { get; } = Length(Start, Stop, Step);

    public BigInteger this[int index] => Start + (index * Step);

    private static int Length(BigInteger start, BigInteger stop, BigInteger step)
    {
        if (step.IsZero)
        {
            throw new TemplateFault("range() arg 3 must not be zero");
        }

        BigInteger length = step > 0 ? (stop - start + step - 1) / step : (start - stop - step - 1) / -step;
        return length > MaxCount
            ? throw new TemplateFault($"Range too big. The sandbox blocks ranges larger than MAX_RANGE ({MaxCount}).")
            : (int)BigInteger.Max(length, 0);
    }
}
