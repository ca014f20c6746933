using ICPO.Actors.Checkpointing;
using ICPO.Actors.Contracts.Identity;

namespace ICPO.Actors.Tests.Checkpointing;

public sealed class CheckpointStoreTests
{
    [Fact]
    public void Checkpoints_since_the_oldest_kept_stay_and_foreign_directories_are_not_touched() =>
        Gen.Select(Gen.OneOf(Gen.Int[0, 50], Gen.Int[999_990, 1_000_010]).HashSet[1, 12], Gen.Int[0, 11])
            .Sample(
                (versions, place) =>
                {
                    using var folder = new TemporaryFolder();
                    foreach (int version in versions)
                    {
                        folder.Folder(CheckpointStore.Name(new PolicyVersion(version)));
                    }

                    folder.Folder("update-notes");
                    folder.Folder("update--1");
                    int oldest = versions.Order().ElementAt(place % versions.Count);
                    new CheckpointStore(folder.Path, folder.Path).DeleteCheckpointsBefore(new PolicyVersion(oldest));
                    IEnumerable<string> left = versions
                        .Where(version => version >= oldest)
                        .Select(version => CheckpointStore.Name(new PolicyVersion(version)));
                    Assert.Equal(left.Append("update-notes").Append("update--1").Order(StringComparer.Ordinal), Entries(folder));
                },
                iter: 50
            );

    [Fact]
    public void The_newest_published_weights_stay_and_foreign_files_are_not_touched()
    {
        using var folder = new TemporaryFolder();
        foreach (string version in (string[])["0", "5", "6", "7", "10", "x"])
        {
            File.WriteAllText(folder.In($"policy-{version}.safetensors"), "");
        }

        new CheckpointStore(folder.Path, folder.Path).DeletePoliciesBefore(new PolicyVersion(10));
        Assert.Equal(["policy-10.safetensors", "policy-7.safetensors", "policy-x.safetensors"], Entries(folder));
    }

    [Fact]
    public void Weights_that_are_in_use_stay_until_they_are_released_and_none_stay_after_the_end()
    {
        using var folder = new TemporaryFolder();
        foreach (string version in (string[])["1", "2", "9", "x"])
        {
            File.WriteAllText(folder.In($"policy-{version}.safetensors"), "");
        }

        var store = new CheckpointStore(folder.Path, folder.Path);
        store.Hold(new PolicyVersion(1));
        store.DeletePoliciesBefore(new PolicyVersion(9));
        Assert.Equal(["policy-1.safetensors", "policy-9.safetensors", "policy-x.safetensors"], Entries(folder));
        store.ReleaseUpTo(new PolicyVersion(4));
        store.DeletePoliciesBefore(new PolicyVersion(9));
        Assert.Equal(["policy-9.safetensors", "policy-x.safetensors"], Entries(folder));
        store.DeletePolicies();
        Assert.Equal(["policy-x.safetensors"], Entries(folder));
        new CheckpointStore(folder.In("gone"), folder.In("gone")).DeletePolicies();
    }

    [Fact]
    public void The_rest_of_interrupted_writes_is_deleted()
    {
        using var folder = new TemporaryFolder();
        foreach (string name in (string[])["update-000003", "update-000004.0a.tmp", "update-000003.0b.tmp"])
        {
            File.WriteAllText(Path.Combine(folder.Folder(name), "state"), "");
        }

        File.WriteAllText(folder.In("policy-3.safetensors"), "");
        File.WriteAllText(folder.In("policy-4.safetensors.0c.tmp"), "");
        new CheckpointStore(folder.Path, folder.Path).DeleteUnfinished();
        Assert.Equal(["policy-3.safetensors", "update-000003"], Entries(folder));
    }

    private static IEnumerable<string?> Entries(TemporaryFolder folder) =>
        Directory.EnumerateFileSystemEntries(folder.Path).Select(Path.GetFileName).Order(StringComparer.Ordinal);
}
