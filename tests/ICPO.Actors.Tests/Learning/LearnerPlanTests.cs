using ICPO.Actors.Contracts.Identity;
using ICPO.Actors.Learning;

namespace ICPO.Actors.Tests.Learning;

public sealed class LearnerPlanTests
{
    [Theory]
    [InlineData(0, 0, false)]
    [InlineData(0, 7, false)]
    [InlineData(3, 6, true)]
    [InlineData(3, 7, false)]
    public void A_checkpoint_is_due_at_every_interval_and_never_without_one(int every, int version, bool due) =>
        Assert.Equal(due, new LearnerPlan(10, 1, every).IsCheckpoint(new PolicyVersion(version)));
}
