using ICPO.Actors.Modeling.Transformer;

namespace ICPO.Actors.Modeling.Checkpoints.Gguf;

/// <summary>
/// Finds the rule of the rotary divisors that llama.cpp stores instead of a Llama 3 model's scaling, so that the model can be
/// saved with a config.json. The divisors of the rule are those of the file to the precision of float32.
/// </summary>
internal static class GgufRopeDivisors
{
    private const double Precision = 1e-5;
    private const int SmallestContext = 16,
        LargestContext = 1 << 22;

    /// <summary>null if nothing is divided; the list itself where no rule fits.</summary>
    public static RopeScaling? Rule(float[] divisors, int headDim, double theta)
    {
        double factor = divisors.Max();
        factor = Math.Abs(Math.Round(factor) - factor) <= Precision * factor ? Math.Round(factor) : factor;
        if (Fits(new LinearRopeScaling(factor)))
        {
            return factor == 1 ? null : new LinearRopeScaling(factor);
        }

        // All Llama 3 models have 1 and 4; the context is read off a frequency between the bands, or is a power of two.
        return Contexts().Select(context => new Llama3RopeScaling(factor, 1, 4, context)).FirstOrDefault(Fits)
            ?? (RopeScaling)new ListedRopeScaling([.. divisors.Select(d => (double)d)]);

        bool Fits(RopeScaling rule) =>
            rule.Divisors(headDim, theta).Zip(divisors).All(pair => Math.Abs(pair.First - pair.Second) <= Precision * pair.Second);

        IEnumerable<int> Contexts()
        {
            for (int context = SmallestContext; context <= LargestContext; context *= 2)
            {
                yield return context;
            }

            for (int j = 0; j < divisors.Length; j++)
            {
                double smooth = ((1 / divisors[j]) - (1 / factor)) / (1 - (1 / factor));
                double context = ((3 * smooth) + 1) * 2 * Math.PI * Math.Pow(theta, 2.0 * j / headDim);
                if (smooth is > 0.01 and < 0.99 && context is >= 1 and < LargestContext)
                {
                    yield return (int)Math.Round(context);
                }
            }
        }
    }
}
