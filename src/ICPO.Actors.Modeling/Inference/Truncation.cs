using ICPO.Actors.Contracts.Rollouts;

namespace ICPO.Actors.Modeling.Inference;

/// <summary>
/// Temperature, top-k, top-p and min-p in this order, in float64, with the edge rules of transformers' logits warpers: top-k keeps every
/// token tied with the k-th; top-p drops from the least likely up while the cumulative mass is ≤ 1 − p (of ties, lower ids first) and keeps
/// at least one token.
/// </summary>
public sealed class Truncation(int vocabularySize)
{
    private readonly record struct Entry(double Scaled, double Weight, int Token) : IComparable<Entry>
    {
        public int CompareTo(Entry other) => Scaled != other.Scaled ? Scaled.CompareTo(other.Scaled) : Token.CompareTo(other.Token);
    }

    private readonly double[] _logits = new double[vocabularySize];
    private readonly Entry[] _kept = new Entry[vocabularySize];
    private readonly Entry[] _sorted = new Entry[vocabularySize];
    private readonly PriorityQueue<int, double> _largest = new();

    /// <summary>The kept tokens of one row of logits, in order of id.</summary>
    /// <param name="logits">[vocabulary].</param>
    /// <param name="tokens">Receives the kept ids.</param>
    /// <param name="logProbabilities">Receives their renormalised log-probabilities in nats.</param>
    /// <param name="keptMass">The share of the softmax after temperature that is kept.</param>
    /// <returns>How many are kept.</returns>
    /// <exception cref="ArithmeticException">The logits hold NaN or +∞, or nothing but −∞.</exception>
    public int Keep(
        ReadOnlySpan<double> logits,
        SamplerSettings settings,
        Span<int> tokens,
        Span<double> logProbabilities,
        out double keptMass
    )
    {
        (int count, double max, double all, double mass) = Keep(logits, settings);
        for (int at = 0; at < count; at++)
        {
            tokens[at] = _kept[at].Token;
            logProbabilities[at] = _kept[at].Scaled - max - Math.Log(mass);
        }

        keptMass = mass / all;
        return count;
    }

    internal SampledToken Draw(ReadOnlySpan<float> logits, SamplerSettings settings, double uniform)
    {
        for (int token = 0; token < logits.Length; token++)
        {
            _logits[token] = logits[token];
        }

        (int count, double max, _, double mass) = Keep(_logits, settings);
        double target = uniform * mass;
        int drawn = 0;
        while (drawn < count - 1 && (target -= _kept[drawn].Weight) >= 0)
        {
            drawn++;
        }

        return new SampledToken(_kept[drawn].Token, _kept[drawn].Scaled - max - Math.Log(mass));
    }

    private (int Count, double Max, double All, double Mass) Keep(ReadOnlySpan<double> logits, SamplerSettings settings)
    {
        double max = double.NegativeInfinity;
        foreach (double logit in logits)
        {
            max = Math.Max(max, logit / settings.Temperature);
        }

        double least =
            settings.TopK > 0 && settings.TopK < logits.Length
                ? KthLargest(logits, settings.TopK) / settings.Temperature
                : double.NegativeInfinity;
        double all = 0,
            mass = 0;
        int count = 0;
        for (int token = 0; token < logits.Length; token++)
        {
            double scaled = logits[token] / settings.Temperature,
                weight = Math.Exp(scaled - max);
            all += weight;
            if (weight > 0 && scaled >= least)
            {
                mass += weight;
                _kept[count++] = new Entry(scaled, weight, token);
            }
        }

        if (!double.IsFinite(all) || count == 0)
        {
            throw new ArithmeticException("the logits hold NaN or infinity: the weights are damaged or training diverged");
        }

        count = settings.TopP < 1 ? KeepNucleus(count, (1 - settings.TopP) * mass) : count;
        count = settings.MinP > 0 ? KeepLikely(count, settings.MinP) : count;
        mass = 0;
        for (int at = 0; at < count; at++)
        {
            mass += _kept[at].Weight;
        }

        return (count, max, all, mass);
    }

    private double KthLargest(ReadOnlySpan<double> logits, int k)
    {
        _largest.Clear();
        foreach (double logit in logits)
        {
            if (_largest.Count < k)
            {
                _largest.Enqueue(0, logit);
            }
            else if (_largest.TryPeek(out _, out double smallest) && logit > smallest)
            {
                _largest.EnqueueDequeue(0, logit);
            }
        }

        return _largest.TryPeek(out _, out double kth) ? kth : double.NegativeInfinity;
    }

    /// <summary>Top-p: drops the least likely entries whose weights sum to at most <paramref name="tail"/>.</summary>
    private int KeepNucleus(int count, double tail)
    {
        // Entries below tail / count sum to less than the tail: they go unsorted, which leaves little to sort.
        double sum = 0;
        int candidates = 0;
        foreach (Entry entry in _kept.AsSpan(0, count))
        {
            if (entry.Weight < tail / count)
            {
                sum += entry.Weight;
            }
            else
            {
                _sorted[candidates++] = entry;
            }
        }

        Span<Entry> sorted = _sorted.AsSpan(0, candidates);
        sorted.Sort();
        int cut = 0;
        while (cut < candidates - 1 && (sum += sorted[cut].Weight) <= tail)
        {
            cut++;
        }

        int kept = 0;
        foreach (Entry entry in _kept.AsSpan(0, count))
        {
            if (entry.CompareTo(sorted[cut]) >= 0)
            {
                _kept[kept++] = entry;
            }
        }

        return kept;
    }

    /// <summary>Min-p: the likeliest token has weight 1.</summary>
    private int KeepLikely(int count, double share)
    {
        int kept = 0;
        foreach (Entry entry in _kept.AsSpan(0, count))
        {
            if (entry.Weight >= share)
            {
                _kept[kept++] = entry;
            }
        }

        return kept;
    }
}
