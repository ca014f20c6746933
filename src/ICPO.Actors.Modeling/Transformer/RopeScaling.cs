namespace ICPO.Actors.Modeling.Transformer;

/// <summary>
/// How a model extends rotary positions beyond its first training context: each inverse frequency is divided by a number.
/// </summary>
public abstract record RopeScaling
{
    /// <summary>The divisor of each of the R / 2 inverse frequencies θ^(−2j/R).</summary>
    internal abstract double[] Divisors(int rotaryDim, double theta);
}

/// <summary>All positions are <paramref name="Factor"/> times closer (Chen et al. 2023).</summary>
public sealed record LinearRopeScaling(double Factor) : RopeScaling
{
    internal override double[] Divisors(int rotaryDim, double theta) => [.. Enumerable.Repeat(Factor, rotaryDim / 2)];
}

/// <summary>
/// Llama 3.1's: wavelengths that fit <paramref name="HighFreqFactor"/> times into the original context stay, those that do not
/// fit <paramref name="LowFreqFactor"/> times are stretched by <paramref name="Factor"/>, those between go over smoothly.
/// </summary>
public sealed record Llama3RopeScaling(double Factor, double LowFreqFactor, double HighFreqFactor, int OriginalMaxPositionEmbeddings)
    : RopeScaling
{
    internal override double[] Divisors(int rotaryDim, double theta) =>
        [
            .. Enumerable
                .Range(0, rotaryDim / 2)
                .Select(j =>
                {
                    double turns = OriginalMaxPositionEmbeddings * Math.Pow(theta, -2.0 * j / rotaryDim) / (2 * Math.PI);
                    double smooth = Math.Clamp((turns - LowFreqFactor) / (HighFreqFactor - LowFreqFactor), 0, 1);
                    return 1 / (((1 - smooth) / Factor) + smooth);
                }),
        ];
}

/// <summary>Divisors as a file lists them, where no rule is known that gives them.</summary>
/// <param name="Values">head_dim / 2 of them.</param>
public sealed record ListedRopeScaling(IReadOnlyList<double> Values) : RopeScaling
{
    public bool Equals(ListedRopeScaling? other) => other is not null && Values.SequenceEqual(other.Values);

    public override int GetHashCode() => Values.Aggregate(0, HashCode.Combine);

    internal override double[] Divisors(int rotaryDim, double theta) => [.. Values];
}
