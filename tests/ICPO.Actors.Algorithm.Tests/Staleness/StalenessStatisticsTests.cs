using System.Collections.Immutable;
using ICPO.Actors.Algorithm.Staleness;
using ICPO.Actors.Contracts.Groups;
using ICPO.Actors.Contracts.Identity;

namespace ICPO.Actors.Algorithm.Tests.Staleness;

public sealed class StalenessStatisticsTests
{
    [Fact]
    public void Staleness_is_told_per_token_and_per_rollout_and_per_origin()
    {
        TrainingGroup group = Sample.Group(
            0,
            Sample.Judged(new(new(0), Origin.Policy, 0), 1, 0, 3, 3, 4, 5),
            Sample.Judged(new(new(0), Origin.Policy, 1), 0, 0, 5, 5),
            Sample.Judged(new(new(0), Origin.Expert, 0), 1, 0, 1, 5)
        );
        var statistics = StalenessStatistics.Compute([group], new PolicyVersion(5));

        Assert.Equal([new(0, 4), new(1, 1), new(2, 2), new(4, 1)], statistics.All.Tokens.Histogram);
        Assert.Equal(
            (8L, 9 / 8.0, 4L, 4L),
            (statistics.All.Tokens.Count, statistics.All.Tokens.Mean, statistics.All.Tokens.P95, statistics.All.Tokens.Max)
        );
        Assert.Equal([new(0, 1), new(2, 1), new(4, 1)], statistics.All.Rollouts.Histogram);
        Assert.Equal((6L, 5 / 6.0, 2L), (statistics.Policy.Tokens.Count, statistics.Policy.Tokens.Mean, statistics.Policy.Rollouts.Max));
        Assert.Equal((2L, 2d, 4L), (statistics.Expert.Tokens.Count, statistics.Expert.Tokens.Mean, statistics.Expert.Rollouts.P95));
    }

    [Fact]
    public void The_95th_percentile_is_the_nearest_rank() =>
        Gen.Long[0, 12]
            .Array[1, 200]
            .Sample(values =>
            {
                var summary = StalenessSummary.FromHistogram(
                    values.GroupBy(v => v).ToImmutableSortedDictionary(g => g.Key, g => g.LongCount())
                );
                Assert.Equal(values.Max(), summary.Max);
                Assert.Equal(values.Average(), summary.Mean, 1e-9);
                Assert.True(values.Count(v => v <= summary.P95) * 100 >= 95 * values.Length);
                Assert.True(values.Count(v => v < summary.P95) * 100 < 95 * values.Length);
            });

    [Fact]
    public void Nothing_has_no_staleness()
    {
        var statistics = StalenessStatistics.Compute([], new PolicyVersion(3));
        Assert.Equal(
            (0L, 0d, 0L, 0L),
            (statistics.All.Tokens.Count, statistics.All.Tokens.Mean, statistics.All.Tokens.P95, statistics.All.Tokens.Max)
        );
    }

    [Fact]
    public void A_token_from_the_future_is_an_error() =>
        Assert.Throws<ArgumentException>(() =>
            StalenessStatistics.Compute([Sample.Group(0, Sample.Judged(new(new(0), Origin.Policy, 0), 1, 0, 6))], new PolicyVersion(5))
        );
}
