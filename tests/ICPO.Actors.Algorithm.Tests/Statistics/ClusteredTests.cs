using ICPO.Actors.Algorithm.Statistics;

namespace ICPO.Actors.Algorithm.Tests.Statistics;

public sealed class ClusteredTests
{
    [Fact]
    public void One_sample_a_question_gives_the_interval_of_Wilson() =>
        Gen.Int[0, 1]
            .Array[1, 60]
            .Sample(right =>
            {
                (double mean, Interval interval) = Clustered.Mean([.. right.Select(r => (double)r)], right.Length);
                Interval wilson = Wilson.Interval(right.Average(), right.Length);
                Assert.Equal(right.Average(), mean, 12);
                Assert.Equal(wilson.Low, interval.Low, 12);
                Assert.Equal(wilson.High, interval.High, 12);
            });

    [Fact]
    public void Samples_that_agree_within_a_question_do_not_narrow_the_interval_and_those_that_do_not_narrow_it()
    {
        double Width(double[] shares, long samples)
        {
            Interval interval = Clustered.Mean(shares, samples).Interval;
            return interval.High - interval.Low;
        }

        double[] agreeing = [.. Enumerable.Range(0, 40).Select(i => i % 2.0)],
            mixed = [.. Enumerable.Repeat(0.5, 40)];
        Assert.Equal(Width(agreeing, 40), Width(agreeing, 320), 12);
        Assert.True(Width(mixed, 320) < 0.5 * Width(agreeing, 320));
        Interval even = Wilson.Interval(0.5, 320);
        Assert.Equal(even.High - even.Low, Width(mixed, 320), 12);
    }

    [Fact]
    public void The_interval_covers_the_truth_about_as_often_as_it_says()
    {
        // Questions with chances of their own, eight samples of each: what independent trials would claim covers far less.
        var random = new Random(7);
        int covered = 0;
        for (int run = 0; run < 1000; run++)
        {
            double[] shares =
            [
                .. Enumerable
                    .Range(0, 50)
                    .Select(_ =>
                    {
                        double chance = random.NextDouble() < 0.4 ? 0.95 : 0.05;
                        return Enumerable.Range(0, 8).Count(_ => random.NextDouble() < chance) / 8.0;
                    }),
            ];
            Interval interval = Clustered.Mean(shares, 400).Interval;
            covered += interval.Low <= 0.41 && 0.41 <= interval.High ? 1 : 0;
        }

        Assert.InRange(covered / 1000.0, 0.92, 0.98);
    }
}
