using System.Collections.Immutable;
using System.Numerics;
using ICPO.Actors.Contracts.Identity;
using ICPO.Actors.Contracts.Rollouts;

namespace ICPO.Actors.Modeling.Inference;

/// <summary>A drawn token.</summary>
/// <param name="Token">Its id.</param>
/// <param name="LogProbability">
/// log μ in nats: under the distribution it was drawn from, that is after temperature and truncation, renormalised. Greedy
/// decoding (temperature 0) has no such distribution worth recording; it reports the model's own, at temperature 1.
/// </param>
public readonly record struct SampledToken(int Token, double LogProbability)
{
    /// <summary>The most probable tokens of the position, the first one the most probable; default if none were requested.</summary>
    public ImmutableArray<TokenLogProb> Alternatives { get; init; }
}

/// <summary>
/// Draws tokens from logits by inverse CDF: one number of the sequence's own stream per token, so a sequence's draws depend
/// on its logits and its seed alone. Keeps scratch memory of the vocabulary's size and allocates nothing per token; not thread-safe.
/// </summary>
public sealed class Sampler(int vocabularySize)
{
    /// <summary>Weights are summed in blocks, so that rounding does not grow with the vocabulary and the draw can skip.</summary>
    private const int Block = 256;

    private readonly float[] _weights = new float[vocabularySize];
    private readonly double[] _blocks = new double[(vocabularySize + Block - 1) / Block];
    private readonly Lazy<Truncation> _truncation = new(() => new Truncation(vocabularySize));

    /// <summary>Draws one token.</summary>
    /// <param name="logits">[vocabulary], in nats up to a constant.</param>
    /// <exception cref="ArithmeticException">The logits hold NaN or +∞, or nothing but −∞.</exception>
    public SampledToken Sample(ReadOnlySpan<float> logits, SamplerSettings settings, ref RandomStream random)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(logits.Length, vocabularySize);
        if (settings.Temperature <= 0)
        {
            return Greedy(logits);
        }

        return settings.IsUntruncated
            ? Draw(logits, settings.Temperature, random.NextDouble())
            : _truncation.Value.Draw(logits, settings, random.NextDouble());
    }

    private SampledToken Greedy(ReadOnlySpan<float> logits)
    {
        float max = Max(logits);
        double total = Exponentiate(logits, max, 1);
        return new SampledToken(logits.IndexOf(max), -Math.Log(total));
    }

    private SampledToken Draw(ReadOnlySpan<float> logits, double temperature, double uniform)
    {
        float max = Max(logits);
        double total = Exponentiate(logits, max, (float)(1 / temperature));
        int token = Find(uniform * total);
        return new SampledToken(token, ((double)logits[token] - max) / temperature - Math.Log(total));
    }

    /// <summary>The first token whose cumulative weight passes <paramref name="target"/>; never one of weight 0.</summary>
    private int Find(double target)
    {
        int last = 0;
        for (int block = 0; block < _blocks.Length; block++)
        {
            if (target >= _blocks[block] && block + 1 < _blocks.Length)
            {
                target -= _blocks[block];
                last = _blocks[block] > 0 ? block : last;
                continue;
            }

            last = _blocks[block] > 0 ? block : last;
            break;
        }

        // Rounding may leave a rest beyond the block's end: then its last token of positive weight is meant.
        int end = Math.Min((last + 1) * Block, _weights.Length),
            found = -1;
        for (int token = last * Block; token < end; token++)
        {
            if (_weights[token] > 0)
            {
                found = token;
                target -= _weights[token];
                if (target < 0)
                {
                    break;
                }
            }
        }

        return found;
    }

    private static float Max(ReadOnlySpan<float> values)
    {
        var lanes = new Vector<float>(float.NegativeInfinity);
        int at = 0;
        for (; at <= values.Length - Vector<float>.Count; at += Vector<float>.Count)
        {
            lanes = Vector.Max(lanes, new Vector<float>(values[at..]));
        }

        float max = float.NegativeInfinity;
        for (int lane = 0; lane < Vector<float>.Count; lane++)
        {
            max = MathF.Max(max, lanes[lane]);
        }

        for (; at < values.Length; at++)
        {
            max = MathF.Max(max, values[at]);
        }

        return max;
    }

    /// <summary>Fills weights exp((x − max) · scale) and their block sums; returns the sum.</summary>
    private double Exponentiate(ReadOnlySpan<float> logits, float max, float scale)
    {
        double total = 0;
        for (int block = 0; block < _blocks.Length; block++)
        {
            int start = block * Block,
                length = Math.Min(Block, logits.Length - start);
            ReadOnlySpan<float> from = logits.Slice(start, length);
            Span<float> to = _weights.AsSpan(start, length);
            Vector<float> lanes = Vector<float>.Zero;
            int at = 0;
            for (; at <= length - Vector<float>.Count; at += Vector<float>.Count)
            {
                var weight = Vector.Exp((new Vector<float>(from[at..]) - new Vector<float>(max)) * scale);
                weight.CopyTo(to[at..]);
                lanes += weight;
            }

            double sum = Vector.Sum(lanes);
            for (; at < length; at++)
            {
                sum += to[at] = MathF.Exp((from[at] - max) * scale);
            }

            total += _blocks[block] = sum;
        }

        return double.IsFinite(total) && total > 0
            ? total
            : throw new ArithmeticException("the logits hold NaN or infinity: the weights are damaged or training diverged");
    }
}
