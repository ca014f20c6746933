using ICPO.Actors.Contracts.Identity;
using ICPO.Actors.Learning;

namespace ICPO.Actors.Tests.Learning;

public sealed class LearnerPlanTests
{
    [Fact]
    public void Checkpoints_since_the_oldest_kept_stay_and_nothing_else_is_touched() =>
        Gen.Select(Gen.OneOf(Gen.Int[0, 50], Gen.Int[999_990, 1_000_010]).HashSet[1, 12], Gen.Int[0, 11])
            .Sample(
                (versions, place) =>
                {
                    using var folder = new TemporaryFolder();
                    var plan = new LearnerPlan(1, 1, 1, folder.Path, folder.Path);
                    foreach (int version in versions)
                    {
                        folder.Folder(LearnerPlan.CheckpointName(new PolicyVersion(version)));
                    }

                    folder.Folder("update-notes");
                    int oldest = versions.Order().ElementAt(place % versions.Count);
                    plan.Prune(new PolicyVersion(oldest));
                    Assert.Equal(
                        [
                            .. versions
                                .Where(version => version >= oldest)
                                .Select(version => LearnerPlan.CheckpointName(new PolicyVersion(version)))
                                .Order(StringComparer.Ordinal),
                            "update-notes",
                        ],
                        Directory.EnumerateDirectories(folder.Path).Select(path => Path.GetFileName(path)).Order(StringComparer.Ordinal)
                    );
                },
                iter: 50
            );

    [Fact]
    public void What_was_not_finished_goes()
    {
        using var folder = new TemporaryFolder();
        foreach (string name in (string[])["update-000003", "update-000004.0a.tmp", "update-000003.0b.tmp"])
        {
            File.WriteAllText(Path.Combine(folder.Folder(name), "state"), "");
        }

        File.WriteAllText(folder.In("policy-3.safetensors"), "");
        File.WriteAllText(folder.In("policy-4.safetensors.0c.tmp"), "");
        new LearnerPlan(1, 1, 1, folder.Path, folder.Path).RemoveUnfinished();
        Assert.Equal(
            ["policy-3.safetensors", "update-000003"],
            Directory.EnumerateFileSystemEntries(folder.Path).Select(Path.GetFileName).Order(StringComparer.Ordinal)
        );
    }

    [Theory]
    [InlineData(0, 0, false)]
    [InlineData(0, 7, false)]
    [InlineData(3, 6, true)]
    [InlineData(3, 7, false)]
    public void A_checkpoint_is_due_every_so_many_updates_and_never_where_that_is_zero(int every, int version, bool due) =>
        Assert.Equal(due, new LearnerPlan(10, 1, every, "", "").IsCheckpoint(new PolicyVersion(version)));
}
