using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;
using ICPO.Actors.Faults;

namespace EndToEnd.Tests.Faults;

/// <summary>A run was killed, and its files were damaged before it is resumed.</summary>
public sealed class DamageTests(WholeRuns runs)
{
    /// <summary>Killed after update 8, with checkpoints of updates 3 and 6.</summary>
    private const string Fault = $"{FaultPoints.PolicyPublished}:8";

    private static readonly SmallRun Run = new(Staleness: 0, Updates: 10);

    [Fact]
    public async Task Damaged_checkpoints_are_reported_and_the_newest_intact_one_is_used()
    {
        LongTests.Require();
        using var directory = new TemporaryFolder();
        SmallRun run = Run with { CheckpointEvery = 1, Checkpoints = 6 };
        string killed = await directory.KilledAsync(run, Fault);
        (string File, Action<string> Damage)[] damages =
        [
            ("model.safetensors", FlipBit),
            ("optimizer.safetensors", Truncate),
            ("trainer_state.json", FlipBit),
            ("manifest.json", File.Delete),
        ];
        int newest = Directory.EnumerateDirectories(Path.Combine(killed, "checkpoints"), "update-??????").Max(Version);
        for (int i = 0; i < damages.Length; i++)
        {
            damages[i].Damage(Checkpoint(killed, newest - i, damages[i].File));
        }

        string output = await KilledRuns.EndsWellAsync(SmallRun.Resume(killed)),
            log = await File.ReadAllTextAsync(Path.Combine(killed, "run.log"));
        for (int i = 0; i < damages.Length; i++)
        {
            Assert.Contains($"update-{newest - i:D6}", output);
            Assert.Contains($"update-{newest - i:D6}", log);
        }

        Assert.Matches($@"\bv?{newest - damages.Length + 1}\b.*\bv?8\b", output);
        KilledRuns.ExpectWhole(killed, run);
        KilledRuns.ExpectSameModel(await runs.DirectoryOfAsync(Run), killed);
    }

    [Fact]
    public async Task Without_an_intact_checkpoint_the_run_fails_and_can_be_resumed_once_there_is_one()
    {
        LongTests.Require();
        using var directory = new TemporaryFolder();
        string killed = await directory.KilledAsync(Run, Fault);
        string copy = Copy(killed, Path.Combine(directory.Path, "copy"));
        FlipBit(Checkpoint(copy, 3, "model.safetensors"));
        Directory.Delete(Path.Combine(copy, "checkpoints", "update-000006"), recursive: true);
        ProcessEnd end = await IcpoProcess.RunAsync(SmallRun.Resume(copy));
        Assert.Equal(1, end.ExitCode);
        Assert.Contains("checkpoint", end.Errors);
        Assert.Contains(Path.Combine(copy, "run.log"), end.Errors);

        Directory.Delete(Path.Combine(copy, "checkpoints"), recursive: true);
        Copy(Path.Combine(killed, "checkpoints"), Path.Combine(copy, "checkpoints"));
        await KilledRuns.EndsWellAsync(SmallRun.Resume(copy));
        KilledRuns.ExpectWhole(copy, Run);
    }

    [Fact]
    public async Task An_incomplete_payload_is_truncated_and_a_damaged_one_fails_the_run_until_it_is_restored()
    {
        LongTests.Require();
        using var directory = new TemporaryFolder();
        string killed = await directory.KilledAsync(Run, $"{FaultPoints.UpdatePrepared}:5");
        string segment = Path.Combine(killed, "payloads", "00000000.segment");
        byte[] bytes = await File.ReadAllBytesAsync(segment);

        // The last record belongs to a group of the prepared update.
        byte[] damaged = [.. bytes];
        damaged[^20] ^= 1;
        await File.WriteAllBytesAsync(segment, damaged);
        ProcessEnd end = await IcpoProcess.RunAsync(SmallRun.Resume(killed));
        Assert.Equal(1, end.ExitCode);
        Assert.Contains(segment, end.Errors);

        // An incomplete record, as an interrupted append leaves it.
        File.Delete(Path.Combine(killed, "payloads", "00000001.segment"));
        await File.WriteAllBytesAsync(segment, [.. bytes, .. bytes.AsSpan(0, 30)]);
        Assert.Contains("30 bytes", await KilledRuns.EndsWellAsync(SmallRun.Resume(killed)));
        KilledRuns.ExpectWhole(killed, Run);
        KilledRuns.ExpectSameModel(await runs.DirectoryOfAsync(Run), killed);
    }

    [Fact]
    public async Task A_second_process_on_a_run_is_refused_with_the_first_ones_host_and_process_id()
    {
        using var directory = new TemporaryFolder();
        var run = new SmallRun(Staleness: 1, Updates: 400);
        string path = Path.Combine(directory.Path, "run");
        using Process first = IcpoProcess.Start(run.Train(path));
        using var deadline = new CancellationTokenSource(TimeSpan.FromMinutes(2));
        while (await first.StandardOutput.ReadLineAsync(deadline.Token) is { } line && !line.Contains("training", StringComparison.Ordinal))
        { }

        _ = first.StandardOutput.ReadToEndAsync();
        string owner = $@"\b{first.Id}\b.*{Regex.Escape(Environment.MachineName)}";
        ProcessEnd second = await IcpoProcess.RunAsync(SmallRun.Resume(path));
        Assert.False(first.HasExited);
        Assert.Equal((2, ""), (second.ExitCode, second.Output));
        Assert.StartsWith($"icpo: {path}", second.Errors);
        Assert.Matches(owner, second.Errors);

        first.Kill();
        await first.WaitForExitAsync(deadline.Token);
        ProcessEnd third = await IcpoProcess.RunAsync(new ProcessOptions { Fault = FaultPoints.UpdateCommitted }, SmallRun.Resume(path));
        Assert.Equal(ProcessEnd.Killed, third.ExitCode);
        Assert.Matches(owner, third.Output);
    }

    private static int Version(string checkpoint) => int.Parse(checkpoint[^6..], CultureInfo.InvariantCulture);

    private static string Checkpoint(string run, int version, string file) =>
        Path.Combine(run, "checkpoints", $"update-{version:D6}", file);

    private static void FlipBit(string path)
    {
        byte[] bytes = File.ReadAllBytes(path);
        bytes[bytes.Length / 2] ^= 1;
        File.WriteAllBytes(path, bytes);
    }

    private static void Truncate(string path) => File.WriteAllBytes(path, File.ReadAllBytes(path)[..^1000]);

    private static string Copy(string from, string to)
    {
        Directory.CreateDirectory(to);
        foreach (string file in Directory.EnumerateFiles(from, "*", SearchOption.AllDirectories))
        {
            string copy = Path.Combine(to, Path.GetRelativePath(from, file));
            Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
            File.Copy(file, copy);
        }

        return to;
    }
}
