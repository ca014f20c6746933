using ICPO.Actors.Contracts.Buffering;
using ICPO.Actors.Contracts.Identity;
using ICPO.Actors.Metrics;

namespace ICPO.Actors.Tests.Metrics;

public sealed class FirstUpdatesTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public void A_group_has_one_first_update_and_is_forgotten_after_its_last(int samples)
    {
        var first = new FirstUpdates([new TrainedGroup(new GroupId(7), samples - 1)], samples);
        Assert.Equal(samples == 1, first.Take(new GroupId(7)));
        for (int round = 0; round < 2; round++)
        {
            Assert.True(first.Take(new GroupId(1)));
            Assert.All(Enumerable.Range(1, samples - 1), _ => Assert.False(first.Take(new GroupId(1))));
        }
    }
}
