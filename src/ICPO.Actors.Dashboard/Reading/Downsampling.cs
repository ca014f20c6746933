namespace ICPO.Actors.Dashboard.Reading;

/// <summary>A point of a chart: one value, or the mean and range of several.</summary>
internal readonly record struct SeriesPoint(double X, double Mean, double Min, double Max);

/// <summary>Reduces a series to a number of points that a chart can show, without losing its extremes.</summary>
internal static class Downsampling
{
    /// <summary>
    /// At most <paramref name="count"/> points: values in equal ranges of X are combined to their mean and range. NaN is skipped.
    /// </summary>
    /// <param name="x">Ascending.</param>
    /// <param name="y">As long as <paramref name="x"/>.</param>
    /// <param name="count">At least 1.</param>
    public static List<SeriesPoint> Reduce(IReadOnlyList<double> x, IReadOnlyList<double> y, int count)
    {
        List<SeriesPoint> points = [];
        int first = FirstNumber(y);
        if (first < 0)
        {
            return points;
        }

        int all = y.Count(double.IsFinite);
        (double start, double width) = (x[first], (x[^1] - x[first]) / count);
        var bucket = new Bucket();
        for (int i = first; i < y.Count; i++)
        {
            if (!double.IsFinite(y[i]))
            {
                continue;
            }

            int place = all <= count || width <= 0 ? points.Count + 1 : Math.Min(count - 1, (int)((x[i] - start) / width));
            if (bucket.Number > 0 && (all <= count || place != bucket.Place))
            {
                points.Add(bucket.Point());
                bucket = new Bucket();
            }

            bucket = bucket.With(place, x[i], y[i]);
        }

        points.Add(bucket.Point());
        return points;
    }

    private static int FirstNumber(IReadOnlyList<double> y)
    {
        for (int i = 0; i < y.Count; i++)
        {
            if (double.IsFinite(y[i]))
            {
                return i;
            }
        }

        return -1;
    }

    /// <summary>Values that are combined.</summary>
    private readonly record struct Bucket(int Place, int Number, double SumX, double SumY)
    {
        private double Min { get; init; }

        private double Max { get; init; }

        public Bucket With(int place, double x, double y) =>
            new(place, Number + 1, SumX + x, SumY + y)
            {
                Min = Number == 0 ? y : Math.Min(Min, y),
                Max = Number == 0 ? y : Math.Max(Max, y),
            };

        public SeriesPoint Point() => new(SumX / Number, SumY / Number, Min, Max);
    }
}
