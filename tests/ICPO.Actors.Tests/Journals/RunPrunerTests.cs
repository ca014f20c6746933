using System.Collections.Immutable;
using ICPO.Actors.RunFiles;
using ICPO.Actors.RunFiles.Directories;
using ICPO.Actors.RunFiles.Pruning;

namespace ICPO.Actors.Tests.Journals;

public sealed class RunPrunerTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(RunState.Completed, false, false, "policy-3.safetensors summary.json.tmp update-000004.x.tmp")]
    [InlineData(RunState.Dead, true, true, "policy-3.safetensors summary.json.tmp update-000004.x.tmp")]
    [InlineData(RunState.Completed, true, false, "policy-3.safetensors summary.json.tmp update-000002 update-000004.x.tmp")]
    [InlineData(RunState.Completed, false, true, "00000000.segment policy-3.safetensors summary.json.tmp update-000004.x.tmp")]
    [InlineData(RunState.Running, true, true, "")]
    public void Only_what_nothing_needs_is_found_and_deleted(RunState state, bool checkpoints, bool payloads, string expected)
    {
        var directory = new RunDirectory(_folder.In("run"));
        directory.Create();
        string[] files =
        [
            directory.EffectiveConfiguration,
            directory.Summary,
            directory.Summary + ".tmp",
            Path.Combine(directory.Policies, "policy-3.safetensors"),
            Path.Combine(directory.Payloads, "00000000.segment"),
        ];
        foreach (string file in files)
        {
            File.WriteAllText(file, "content");
        }

        foreach (string name in new[] { "update-000002", "update-000003", "update-000004.x.tmp" })
        {
            string checkpoint = Path.Combine(directory.Checkpoints, name);
            Directory.CreateDirectory(checkpoint);
            File.WriteAllText(Path.Combine(checkpoint, "model.safetensors"), "content");
        }

        var run = new RunEntry { Directory = directory.Path, State = state };
        ImmutableArray<PrunedItem> items = RunPruner.Find(run, new PruneScope(checkpoints, payloads));
        string[] names = [.. items.Select(item => Path.GetFileName(item.Path)).Order(StringComparer.Ordinal)];
        Assert.Equal(expected, string.Join(' ', names));
        Assert.All(items, item => Assert.Equal(7, item.Bytes));

        RunPruner.Delete(run, items, TimeProvider.System);
        Assert.All(items, item => Assert.False(Path.Exists(item.Path), item.Path));
        Assert.All(
            [
                directory.EffectiveConfiguration,
                directory.Summary,
                Path.Combine(directory.Checkpoints, "update-000003", "model.safetensors"),
            ],
            path => Assert.True(File.Exists(path), path)
        );
        Assert.Empty(RunPruner.Find(run, new PruneScope(checkpoints, payloads)));
    }
}
