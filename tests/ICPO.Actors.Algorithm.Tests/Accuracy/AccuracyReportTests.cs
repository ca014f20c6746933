using System.Collections.Immutable;
using ICPO.Actors.Algorithm.Accuracy;
using ICPO.Actors.Algorithm.Statistics;

namespace ICPO.Actors.Algorithm.Tests.Accuracy;

public sealed class AccuracyReportTests
{
    private static QuestionResult Result(string hard, int samples, int correct) =>
        new(ImmutableSortedDictionary<string, string>.Empty.Add("hard", hard), samples, correct);

    [Fact]
    public void Accuracy_is_split_by_tag()
    {
        var report = AccuracyReport.Of([Result("0", 1, 1), Result("0", 1, 1), Result("2", 1, 0), Result("2", 1, 1)]);
        Assert.Equal(new Algorithm.Accuracy.Accuracy(0.75, 4, Wilson.Interval(0.75, 4)), report.Overall);
        Assert.Equal([new("hard=0", new(1, 2, Wilson.Interval(1, 2))), new("hard=2", new(0.5, 2, Wilson.Interval(0.5, 2)))], report.ByTag);
        Assert.Equal([new(1, 0.75)], report.PassAtK);
    }

    [Fact]
    public void Pass_at_k_is_told_up_to_the_fewest_samples()
    {
        var report = AccuracyReport.Of([Result("0", 8, 2), Result("0", 5, 5)]);
        Assert.Equal([1, 2, 4], report.PassAtK.Keys);
        Assert.Equal(report.Overall.Value, report.PassAtK[1], 1e-12);
        Assert.Equal((PassAtK.Estimate(8, 2, 4) + 1) / 2, report.PassAtK[4], 1e-12);
    }

    [Fact]
    public void An_accuracy_of_nothing_is_an_error()
    {
        Assert.Throws<ArgumentException>(() => AccuracyReport.Of([]));
        Assert.Throws<ArgumentException>(() => AccuracyReport.Of([Result("0", 0, 0)]));
        Assert.Throws<ArgumentException>(() => AccuracyReport.Of([Result("0", 1, 2)]));
    }
}
