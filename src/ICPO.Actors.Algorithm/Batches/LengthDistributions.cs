namespace ICPO.Actors.Algorithm.Batches;

/// <summary>
/// Lengths of generated and of trained responses. A buffer that drops what comes late trains on shorter responses than it generates; the
/// distance of the two distributions shows it.
/// </summary>
public sealed class LengthDistributions
{
    private readonly SortedDictionary<int, (long Generated, long Trained)> _counts = [];
    private long _generated;
    private long _trained;

    public void AddGenerated(int tokens)
    {
        (long generated, long trained) = _counts.GetValueOrDefault(tokens);
        _counts[tokens] = (generated + 1, trained);
        _generated++;
    }

    public void AddTrained(IEnumerable<int> lengths)
    {
        ArgumentNullException.ThrowIfNull(lengths);
        foreach (int tokens in lengths)
        {
            (long generated, long trained) = _counts.GetValueOrDefault(tokens);
            _counts[tokens] = (generated, trained + 1);
            _trained++;
        }
    }

    /// <summary>The Kolmogorov-Smirnov distance: the largest difference of the distribution functions; 0 without lengths.</summary>
    public double Distance
    {
        get
        {
            if (_generated == 0 || _trained == 0)
            {
                return 0;
            }

            (double distance, long generated, long trained) = (0, 0, 0);
            foreach ((long made, long used) in _counts.Values)
            {
                (generated, trained) = (generated + made, trained + used);
                distance = Math.Max(distance, Math.Abs(((double)generated / _generated) - ((double)trained / _trained)));
            }

            return distance;
        }
    }
}
