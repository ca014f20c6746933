using System.Collections.Immutable;

namespace ICPO.Actors.Modeling.Inference;

/// <summary>The most probable tokens of a position.</summary>
internal static class LikeliestTokens
{
    /// <summary>Finds them.</summary>
    /// <param name="logits">[vocabulary], in nats up to a constant.</param>
    /// <param name="count">How many; tokens of probability 0 are not among them.</param>
    /// <param name="drawn">The drawn token, which fixes the constant.</param>
    /// <param name="temperature">The temperature it was drawn with; 0 reports the probabilities at temperature 1.</param>
    /// <returns>In order of their probability, then of their id.</returns>
    public static ImmutableArray<TokenLogProb> Find(ReadOnlySpan<float> logits, int count, SampledToken drawn, double temperature)
    {
        // The least probable of those found so far is dequeued first; of equal ones the highest id.
        var found = new PriorityQueue<int, (float Logit, int Order)>(count + 1);
        for (int token = 0; token < logits.Length; token++)
        {
            if (float.IsNegativeInfinity(logits[token]))
            {
                continue;
            }

            if (found.Count < count)
            {
                found.Enqueue(token, (logits[token], -token));
            }
            else
            {
                found.EnqueueDequeue(token, (logits[token], -token));
            }
        }

        double scale = temperature > 0 ? temperature : 1;
        var tokens = new TokenLogProb[found.Count];
        for (int at = tokens.Length - 1; at >= 0; at--)
        {
            int token = found.Dequeue();
            double logProb = ((double)logits[token] - logits[drawn.Token]) / scale + drawn.LogProbability;
            tokens[at] = new TokenLogProb(token, (float)logProb);
        }

        return [.. tokens];
    }
}
