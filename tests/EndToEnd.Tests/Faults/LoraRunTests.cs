using System.Text.Json;
using ICPO.Actors.Faults;

namespace EndToEnd.Tests.Faults;

/// <summary>Runs that train an adapter.</summary>
public sealed class LoraRunTests(WholeRuns runs)
{
    private static readonly SmallRun Run = new(Staleness: 0, Updates: 7, LoraRank: 4);

    [Fact]
    public async Task Killed_and_resumed_it_ends_with_the_adapter_of_a_run_that_was_not_and_can_be_replayed()
    {
        LongTests.Require();
        using var directory = new TemporaryFolder();
        string whole = await runs.DirectoryOfAsync(Run);
        string killed = await directory.KilledAsync(Run, $"{FaultPoints.UpdateStepped}:2");
        foreach (
            string fault in (string[])
                [FaultPoints.CheckpointFilled, FaultPoints.PolicyWritten, $"{FaultPoints.UpdateCommitted}:2", FaultPoints.UpdateRedone]
        )
        {
            await KilledRuns.DiesAsync(SmallRun.Resume(killed), fault);
        }

        await KilledRuns.EndsWellAsync(SmallRun.Resume(killed));
        KilledRuns.ExpectWhole(killed, Run);
        KilledRuns.ExpectSameModel(whole, killed);
        Assert.Contains("adapter_model.safetensors", Directory.EnumerateFiles(KilledRuns.Model(whole)).Select(Path.GetFileName));
        Assert.DoesNotContain("model.safetensors", Directory.EnumerateFiles(KilledRuns.Model(whole)).Select(Path.GetFileName));

        string again = Path.Combine(directory.Path, "again");
        await KilledRuns.EndsWellAsync(["replay", killed, "--output", again]);
        Assert.All(Directory.EnumerateFiles(again), file =>
            Assert.Equal(File.ReadAllBytes(Path.Combine(KilledRuns.Model(whole), Path.GetFileName(file))), File.ReadAllBytes(file))
        );
    }

    [Fact]
    public async Task Its_checkpoint_can_be_used_with_its_own_or_a_given_base_model_and_be_merged()
    {
        LongTests.Require();
        using var directory = new TemporaryFolder();
        string adapter = KilledRuns.Model(await runs.DirectoryOfAsync(Run)),
            merged = Path.Combine(directory.Path, "merged");
        string named = JsonDocument
            .Parse(await File.ReadAllTextAsync(Path.Combine(adapter, "adapter_config.json")))
            .RootElement.GetProperty("base_model_name_or_path")
            .GetString()!;
        await KilledRuns.EndsWellAsync(["convert", adapter, merged]);
        string[] ask = ["generate", "AB3142=", "--samples", "2", "--json", "--set", "sampler.max-tokens=8"];
        string want = await KilledRuns.EndsWellAsync([.. ask, "--model", adapter]);
        Assert.Equal(want, await KilledRuns.EndsWellAsync([.. ask, "--model", named, "--adapter", adapter]));
        Assert.Equal(want, await KilledRuns.EndsWellAsync([.. ask, "--model", merged]));
        Assert.NotEqual(want, await KilledRuns.EndsWellAsync([.. ask, "--model", named]));
        await KilledRuns.EndsWellAsync(["eval", "--model", adapter, "--questions", "3"]);

        ProcessEnd refused = await IcpoProcess.RunAsync(
            "train",
            "--output",
            Path.Combine(directory.Path, "second"),
            "--set",
            $"model.path={adapter}",
            "--set",
            "model.lora.rank=2"
        );
        Assert.Equal(2, refused.ExitCode);
        Assert.Contains("icpo convert", refused.Errors);
    }
}
