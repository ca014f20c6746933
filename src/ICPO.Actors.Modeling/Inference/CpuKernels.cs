using System.Numerics;
using System.Runtime.CompilerServices;

namespace ICPO.Actors.Modeling.Inference;

/// <summary>
/// The operations of a decoder between its matrix products, for one row of float32 numbers at a time. With the few rows of a decode step a
/// tensor library spends more time on dispatching such operations than on computing them. Sums run in a fixed order: the same input gives
/// the same bits on one machine, independently of the other rows in the batch.
/// </summary>
internal static unsafe class CpuKernels
{
    private static int Lanes => Vector<float>.Count;

    /// <summary>y = x / sqrt(mean(x²) + ε) · weight over <paramref name="size"/> numbers; y may be x.</summary>
    public static void RmsNorm(float* x, float* weight, float* y, int size, float epsilon)
    {
        float scale = 1 / MathF.Sqrt(Dot(x, x, size) / size + epsilon);
        int at = 0;
        for (; at <= size - Lanes; at += Lanes)
        {
            (Vector.Load(x + at) * scale * Vector.Load(weight + at)).Store(y + at);
        }

        for (; at < size; at++)
        {
            y[at] = x[at] * scale * weight[at];
        }
    }

    /// <summary>y += x.</summary>
    public static void Add(float* x, float* y, int size)
    {
        int at = 0;
        for (; at <= size - Lanes; at += Lanes)
        {
            (Vector.Load(x + at) + Vector.Load(y + at)).Store(y + at);
        }

        for (; at < size; at++)
        {
            y[at] += x[at];
        }
    }

    /// <summary>
    /// Rotary embedding in place: numbers i and i + size / 2 are rotated by the angle of <paramref name="cos"/>[i],
    /// <paramref name="sin"/>[i].
    /// </summary>
    public static void Rotate(float* x, float* cos, float* sin, int size)
    {
        int half = size / 2,
            at = 0;
        for (; at <= half - Lanes; at += Lanes)
        {
            Vector<float> first = Vector.Load(x + at),
                second = Vector.Load(x + half + at),
                c = Vector.Load(cos + at),
                s = Vector.Load(sin + at);
            (first * c - second * s).Store(x + at);
            (second * c + first * s).Store(x + half + at);
        }

        for (; at < half; at++)
        {
            (float first, float second) = (x[at], x[half + at]);
            x[at] = first * cos[at] - second * sin[at];
            x[half + at] = second * cos[at] + first * sin[at];
        }
    }

    /// <summary>y = silu(gate) · up, <paramref name="size"/> numbers each.</summary>
    public static void SwiGlu(float* gate, float* up, float* y, int size)
    {
        int at = 0;
        for (; at <= size - Lanes; at += Lanes)
        {
            var x = Vector.Load(gate + at);
            (x / (Vector<float>.One + Vector.Exp(-x)) * Vector.Load(up + at)).Store(y + at);
        }

        for (; at < size; at++)
        {
            y[at] = gate[at] / (1 + MathF.Exp(-gate[at])) * up[at];
        }
    }

    /// <summary>y = softmax(q·Kᵀ · scale) · V for one query.</summary>
    /// <param name="q">[size].</param>
    /// <param name="keys">[length, size].</param>
    /// <param name="values">[length, size].</param>
    /// <param name="scores">Scratch, [length].</param>
    /// <param name="y">[size].</param>
    /// <param name="head">length, size and scale.</param>
    public static void Attend(float* q, float* keys, float* values, float* scores, float* y, AttentionHead head)
    {
        (int length, int size, float scale) = head;
        Scores(q, keys, scores, length, size, scale);
        float total = Softmax(scores, length);
        int at = 0;
        for (; at <= size - 4 * Lanes; at += 4 * Lanes)
        {
            Vector<float> a = default,
                b = default,
                c = default,
                d = default;
            float* value = values + at;
            for (int t = 0; t < length; t++, value += size)
            {
                var weight = new Vector<float>(scores[t]);
                a = Vector.FusedMultiplyAdd(weight, Vector.Load(value), a);
                b = Vector.FusedMultiplyAdd(weight, Vector.Load(value + Lanes), b);
                c = Vector.FusedMultiplyAdd(weight, Vector.Load(value + 2 * Lanes), c);
                d = Vector.FusedMultiplyAdd(weight, Vector.Load(value + 3 * Lanes), d);
            }

            (a / total).Store(y + at);
            (b / total).Store(y + at + Lanes);
            (c / total).Store(y + at + 2 * Lanes);
            (d / total).Store(y + at + 3 * Lanes);
        }

        for (; at < size; at++)
        {
            float sum = 0;
            for (int t = 0; t < length; t++)
            {
                sum += scores[t] * values[t * size + at];
            }

            y[at] = sum / total;
        }
    }

    private static void Scores(float* q, float* keys, float* scores, int length, int size, float scale)
    {
        int vectors = size / Lanes * Lanes,
            t = 0;
        for (; t <= length - 4; t += 4)
        {
            float* key = keys + t * size;
            Vector<float> a = default,
                b = default,
                c = default,
                d = default;
            for (int at = 0; at < vectors; at += Lanes)
            {
                var x = Vector.Load(q + at);
                a = Vector.FusedMultiplyAdd(x, Vector.Load(key + at), a);
                b = Vector.FusedMultiplyAdd(x, Vector.Load(key + size + at), b);
                c = Vector.FusedMultiplyAdd(x, Vector.Load(key + 2 * size + at), c);
                d = Vector.FusedMultiplyAdd(x, Vector.Load(key + 3 * size + at), d);
            }

            scores[t] = (Vector.Sum(a) + Rest(q, key, vectors, size)) * scale;
            scores[t + 1] = (Vector.Sum(b) + Rest(q, key + size, vectors, size)) * scale;
            scores[t + 2] = (Vector.Sum(c) + Rest(q, key + 2 * size, vectors, size)) * scale;
            scores[t + 3] = (Vector.Sum(d) + Rest(q, key + 3 * size, vectors, size)) * scale;
        }

        for (; t < length; t++)
        {
            scores[t] = Dot(q, keys + t * size, size) * scale;
        }
    }

    /// <summary>Replaces scores by exp(score − max); returns their sum.</summary>
    private static float Softmax(float* scores, int length)
    {
        float max = float.NegativeInfinity;
        for (int t = 0; t < length; t++)
        {
            max = MathF.Max(max, scores[t]);
        }

        Vector<float> lanes = default;
        int at = 0;
        for (; at <= length - Lanes; at += Lanes)
        {
            var weight = Vector.Exp(Vector.Load(scores + at) - new Vector<float>(max));
            weight.Store(scores + at);
            lanes += weight;
        }

        float total = Vector.Sum(lanes);
        for (; at < length; at++)
        {
            total += scores[at] = MathF.Exp(scores[at] - max);
        }

        return total;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static float Dot(float* x, float* y, int size)
    {
        int vectors = size / Lanes * Lanes;
        Vector<float> lanes = default;
        for (int at = 0; at < vectors; at += Lanes)
        {
            lanes = Vector.FusedMultiplyAdd(Vector.Load(x + at), Vector.Load(y + at), lanes);
        }

        return Vector.Sum(lanes) + Rest(x, y, vectors, size);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static float Rest(float* x, float* y, int from, int size)
    {
        float sum = 0;
        for (int at = from; at < size; at++)
        {
            sum += x[at] * y[at];
        }

        return sum;
    }
}
