using ICPO.Actors.Algorithm.Batches;

namespace ICPO.Actors.Algorithm.Tests.Batches;

public sealed class OverlongPenaltyTests
{
    [Theory]
    [InlineData(0, 0)]
    [InlineData(80, 0)]
    [InlineData(85, 0.25)]
    [InlineData(90, 0.5)]
    [InlineData(100, 1)]
    [InlineData(130, 1)]
    public void The_penalty_rises_linearly_over_the_last_share_of_the_limit(int tokens, double expected) =>
        Assert.Equal(expected, OverlongPenalty.Of(tokens, limit: 100, share: 0.2), 1e-12);

    [Fact]
    public void Without_a_share_there_is_no_penalty() => Assert.Equal(0, OverlongPenalty.Of(500, limit: 100, share: 0));
}
