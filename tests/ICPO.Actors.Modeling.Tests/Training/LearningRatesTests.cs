using ICPO.Actors.Modeling.Training;

namespace ICPO.Actors.Modeling.Tests.Training;

public sealed class LearningRatesTests
{
    private static readonly OptimizerSettings Settings = new()
    {
        LearningRate = 2,
        WarmupUpdates = 4,
        TotalUpdates = 24,
        MinimumShare = 0.1,
    };

    [Theory]
    [InlineData(LearningRateSchedule.Constant, 0, 0.5)]
    [InlineData(LearningRateSchedule.Constant, 3, 2)]
    [InlineData(LearningRateSchedule.Constant, 1000, 2)]
    [InlineData(LearningRateSchedule.Linear, 4, 2)]
    [InlineData(LearningRateSchedule.Linear, 14, 1.1)]
    [InlineData(LearningRateSchedule.Linear, 24, 0.2)]
    [InlineData(LearningRateSchedule.Linear, 1000, 0.2)]
    [InlineData(LearningRateSchedule.Cosine, 4, 2)]
    [InlineData(LearningRateSchedule.Cosine, 14, 1.1)]
    [InlineData(LearningRateSchedule.Cosine, 24, 0.2)]
    [InlineData(LearningRateSchedule.Cosine, 1000, 0.2)]
    public void A_rate_rises_over_the_warm_up_then_holds_or_falls_to_its_minimum(LearningRateSchedule schedule, long update, double rate) =>
        Assert.Equal(rate, LearningRates.At(Settings with { Schedule = schedule }, update), 1e-12);

    [Fact]
    public void A_rate_is_never_above_its_peak_nor_below_its_minimum_after_the_warm_up() =>
        Gen.Select(Gen.Enum<LearningRateSchedule>(), Gen.Int[0, 50], Gen.Int[0, 200], Gen.Double[0, 1], Gen.Long[0, 500])
            .Sample(
                (schedule, warmup, total, share, update) =>
                {
                    OptimizerSettings settings = new()
                    {
                        LearningRate = 1,
                        Schedule = schedule,
                        WarmupUpdates = warmup,
                        TotalUpdates = total,
                        MinimumShare = share,
                    };
                    double rate = LearningRates.At(settings, update);
                    return rate > (update < warmup ? 0 : share - 1e-12) - 1e-12 && rate <= 1 + 1e-12;
                }
            );
}
