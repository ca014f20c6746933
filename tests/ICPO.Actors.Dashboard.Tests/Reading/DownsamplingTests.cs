using ICPO.Actors.Dashboard.Reading;

namespace ICPO.Actors.Dashboard.Tests.Reading;

public sealed class DownsamplingTests
{
    [Fact]
    public void A_reduced_series_has_few_points_and_the_same_extremes_and_order() =>
        Gen.Select(Gen.Double[-1e6, 1e6].Array[0, 500], Gen.Int[1, 60], Gen.Int[0, 9])
            .Sample(
                (values, count, hole) =>
                {
                    double[] y = [.. values.Select((value, i) => hole > 0 && i % (hole + 1) == 0 ? double.NaN : value)];
                    double[] x = [.. y.Select((_, i) => (double)i * i)];
                    List<SeriesPoint> points = Downsampling.Reduce(x, y, count);
                    double[] numbers = [.. y.Where(double.IsFinite)];
                    Assert.InRange(points.Count, numbers.Length == 0 ? 0 : 1, Math.Max(count, 0));
                    Assert.Equal(points.Select(point => point.X).Order(), points.Select(point => point.X));
                    Assert.All(points, point => Assert.InRange(point.Mean, point.Min - 1e-6, point.Max + 1e-6));
                    if (numbers.Length > 0)
                    {
                        Assert.Equal(numbers.Min(), points.Min(point => point.Min));
                        Assert.Equal(numbers.Max(), points.Max(point => point.Max));
                    }
                }
            );

    [Fact]
    public void A_short_series_is_not_changed()
    {
        double[] y = [3, double.NaN, -1, 7];
        List<SeriesPoint> points = Downsampling.Reduce([1, 2, 3, 4], y, 10);
        Assert.Equal([(1, 3), (3, -1), (4, 7)], points.Select(point => (point.X, point.Mean)));
    }
}
