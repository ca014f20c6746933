using ICPO.Actors.Buffering;
using ICPO.Actors.Contracts.Buffering;
using ICPO.Actors.Contracts.Identity;

namespace ICPO.Actors.Tests.Buffering;

/// <summary>How many checkpoints stay restorable where another process holds an older one.</summary>
public sealed class KeptCheckpointTests
{
    [Theory]
    [InlineData(null, 2)]
    [InlineData(9L, 2)]
    [InlineData(6L, 3)]
    [InlineData(3L, 4)]
    [InlineData(0L, 4)]
    public void The_newest_checkpoint_that_a_standby_holds_is_among_them(long? held, int kept)
    {
        BufferSettings settings = new(Durable: false, null, 100, KeepCheckpoints: 2)
        {
            HeldElsewhere = () => held is { } version ? new PolicyVersion(version) : null,
        };
        Assert.Equal(kept, settings.Keep([.. new[] { 3, 6, 9 }.Select(Written)]));
    }

    [Fact]
    public void A_standby_that_is_far_behind_does_not_keep_everything() =>
        Assert.Equal(
            10,
            new BufferSettings(Durable: false, null, 100, KeepCheckpoints: 2) { HeldElsewhere = () => PolicyVersion.Base }.Keep([
                .. Enumerable.Range(1, 50).Select(Written),
            ])
        );

    private static CheckpointWrittenEvent Written(int version) => new(new PolicyVersion(version), $"update-{version:D6}", null);
}
