using ICPO.Actors.Contracts;

namespace ICPO.Actors.Tests;

public sealed class LearnerPlanTests
{
    [Fact]
    public void The_newest_checkpoints_stay_and_nothing_else_is_touched() =>
        Gen.Select(Gen.OneOf(Gen.Int[0, 50], Gen.Int[999_990, 1_000_010]).HashSet[1, 12], Gen.Int[1, 4], Gen.Int[0, 11]).Sample((versions, keep, place) =>
        {
            using var folder = new TemporaryFolder();
            var plan = new LearnerPlan(1, 1, 1, keep, folder.Path, folder.Path);
            foreach (int version in versions)
            {
                folder.Folder(LearnerPlan.CheckpointName(new PolicyVersion(version)));
            }

            folder.Folder("update-notes");
            int newest = versions.Order().ElementAt(place % versions.Count);
            plan.Prune(new PolicyVersion(newest));
            IEnumerable<int> kept = [.. versions.Where(version => version > newest), .. versions.Where(version => version <= newest).OrderDescending().Take(keep)];
            Assert.Equal(
                [.. kept.Select(version => LearnerPlan.CheckpointName(new PolicyVersion(version))).Order(StringComparer.Ordinal), "update-notes"],
                Directory.EnumerateDirectories(folder.Path).Select(path => Path.GetFileName(path)).Order(StringComparer.Ordinal));
        }, iter: 50);

    [Theory]
    [InlineData(0, 0, false)]
    [InlineData(0, 7, false)]
    [InlineData(3, 6, true)]
    [InlineData(3, 7, false)]
    public void A_checkpoint_is_due_every_so_many_updates_and_never_where_that_is_zero(int every, int version, bool due) =>
        Assert.Equal(due, new LearnerPlan(10, 1, every, 1, "", "").IsCheckpoint(new PolicyVersion(version)));
}
