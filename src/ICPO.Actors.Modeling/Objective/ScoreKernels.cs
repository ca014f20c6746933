using System.Numerics;

namespace ICPO.Actors.Modeling.Objective;

/// <summary>
/// Softmax statistics of one row of bfloat16 logits and their gradient, in float32, each number read from memory once or twice.
/// </summary>
internal static unsafe class ScoreKernels
{
    private static int Lanes => Vector<ushort>.Count;

    /// <summary>log Σ exp(x) and Σ p·x of x = scale · logits.</summary>
    public static (float LogSum, float Mean) Summarize(ushort* logits, int size, float scale)
    {
        Vector<float> most = new(float.NegativeInfinity);
        int at = 0;
        for (; at <= size - Lanes; at += Lanes)
        {
            (Vector<float> low, Vector<float> high) = Widen(logits + at);
            most = Vector.Max(most, Vector.Max(low, high));
        }

        float max = float.NegativeInfinity;
        for (int lane = 0; lane < Vector<float>.Count; lane++)
        {
            max = MathF.Max(max, most[lane]);
        }

        for (int rest = at; rest < size; rest++)
        {
            max = MathF.Max(max, Widen(logits[rest]));
        }

        Vector<float> top = new(max),
            total = default,
            weighted = default;
        double sum = 0,
            mean = 0;
        for (at = 0; at <= size - Lanes; at += Lanes)
        {
            (Vector<float> low, Vector<float> high) = Widen(logits + at);
            (Vector<float> a, Vector<float> b) = ((low - top) * scale, (high - top) * scale);
            (Vector<float> x, Vector<float> y) = (Vector.Exp(a), Vector.Exp(b));
            total += x + y;
            weighted += x * a + y * b;
            if ((at & 0xfff) == 0)
            {
                // Long sums in float32 would lose the contribution of small probabilities.
                (sum, mean, total, weighted) = (sum + Vector.Sum(total), mean + Vector.Sum(weighted), default, default);
            }
        }

        (sum, mean) = (sum + Vector.Sum(total), mean + Vector.Sum(weighted));
        for (; at < size; at++)
        {
            float a = (Widen(logits[at]) - max) * scale,
                x = MathF.Exp(a);
            (sum, mean) = (sum + x, mean + (x * a));
        }

        return ((float)(Math.Log(sum) + (max * (double)scale)), (float)((mean / sum) + (max * (double)scale)));
    }

    /// <summary>
    /// Replaces logits by the gradient g·∂log p(target) + h·∂H, with g and h from the row, p the softmax of x = scale · logits and H its
    /// entropy: scale · (g·1{target} − p·(g + h·(x − Σ p·x))).
    /// </summary>
    public static void Differentiate(ushort* logits, int size, float scale, int target, RowGradient row)
    {
        float own = Widen(logits[target]) * scale;
        Vector<float> sum = new(row.LogSum),
            middle = new(row.Mean),
            first = new(row.LogProbability),
            second = new(row.Entropy),
            times = new(-scale);
        int at = 0;
        for (; at <= size - Lanes; at += Lanes)
        {
            (Vector<float> low, Vector<float> high) = Widen(logits + at);
            Vector.Narrow(Round(One(low * scale)), Round(One(high * scale))).Store(logits + at);
        }

        for (; at < size; at++)
        {
            logits[at] = Round(Rest(Widen(logits[at]) * scale));
        }

        logits[target] = Round((scale * row.LogProbability) + Rest(own));

        Vector<float> One(Vector<float> x) => times * Vector.Exp(x - sum) * (first + (second * (x - middle)));

        float Rest(float x) => -scale * MathF.Exp(x - row.LogSum) * (row.LogProbability + (row.Entropy * (x - row.Mean)));
    }

    /// <summary>bfloat16 numbers, the upper halves of float32, as such.</summary>
    private static (Vector<float> Low, Vector<float> High) Widen(ushort* from)
    {
        Vector.Widen(Vector.Load(from), out Vector<uint> low, out Vector<uint> high);
        return (Vector.AsVectorSingle(Vector.ShiftLeft(low, 16)), Vector.AsVectorSingle(Vector.ShiftLeft(high, 16)));
    }

    private static float Widen(ushort number) => BitConverter.UInt32BitsToSingle((uint)number << 16);

    /// <summary>To the nearest bfloat16, ties to even; NaN stays NaN.</summary>
    private static Vector<uint> Round(Vector<float> x)
    {
        Vector<uint> bits = Vector.AsVectorUInt32(x),
            odd = Vector.ShiftRightLogical(bits, 16) & Vector<uint>.One;
        var rounded = Vector.ShiftRightLogical(bits + new Vector<uint>(0x7fff) + odd, 16);
        return Vector.ConditionalSelect(Vector.AsVectorUInt32(Vector.Equals(x, x)), rounded, new Vector<uint>(0x7fc0));
    }

    private static ushort Round(float x)
    {
        uint bits = BitConverter.SingleToUInt32Bits(x);
        return float.IsNaN(x) ? (ushort)0x7fc0 : (ushort)((bits + 0x7fff + ((bits >> 16) & 1)) >> 16);
    }
}
