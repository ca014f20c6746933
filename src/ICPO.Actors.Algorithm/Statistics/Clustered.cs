namespace ICPO.Actors.Algorithm.Statistics;

/// <summary>
/// Interval of a mean of shares, one per question (cluster). Samples of one question are not independent, so the spread between questions
/// counts: Wilson's
/// interval with as many trials as would give the mean that variance (effective sample size, Korn and Graubard 1998). One sample a question
/// gives Wilson's own.
/// </summary>
public static class Clustered
{
    /// <param name="shares">One per question, each in [0, 1]; one at least.</param>
    /// <param name="most">Trials there were at most: samples of all questions.</param>
    /// <param name="confidence">In (0, 1).</param>
    public static (double Mean, Interval Interval) Mean(ReadOnlySpan<double> shares, long most, double confidence = 0.95)
    {
        ArgumentOutOfRangeException.ThrowIfZero(shares.Length);
        ArgumentOutOfRangeException.ThrowIfLessThan(most, shares.Length);
        double mean = 0,
            variance = 0;
        foreach (double share in shares)
        {
            mean += share / shares.Length;
        }

        mean = Math.Clamp(mean, 0, 1);
        foreach (double share in shares)
        {
            variance += (share - mean) * (share - mean) / shares.Length;
        }

        double trials =
            mean is <= 0 or >= 1 ? shares.Length
            : variance <= 0 ? most
            : shares.Length * mean * (1 - mean) / variance;
        return (mean, Wilson.Interval(mean, (long)Math.Clamp(Math.Round(trials), shares.Length, most), confidence));
    }
}
