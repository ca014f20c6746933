using System.Diagnostics;
using ICPO.Actors.Faults;
using ICPO.Actors.Soak;

namespace EndToEnd.Tests.Faults;

/// <summary>A run was killed, and what it left was damaged before it is resumed.</summary>
public sealed class DamageTests
{
    /// <summary>Killed after update 8: checkpoints of 3 and 6 lie there.</summary>
    private const string Fault = $"{FaultPoints.PolicyPublished}:8";

    private static readonly SmallRun Run = new(Staleness: 0, Updates: 10);

    [Fact]
    public async Task A_damaged_checkpoint_is_told_and_the_one_before_it_is_used()
    {
        using var directory = new TemporaryDirectory();
        string whole = await directory.WholeAsync(Run);
        string killed = await directory.KilledAsync(Run, Fault);
        foreach (
            (string file, Action<string> damage) in new (string, Action<string>)[]
            {
                ("model.safetensors", FlipBit),
                ("optimizer.safetensors", Truncate),
                ("trainer_state.json", FlipBit),
                ("manifest.json", File.Delete),
            }
        )
        {
            string copy = Copy(killed, Path.Combine(directory.Path, $"damaged-{file}"));
            damage(Checkpoint(copy, 6, file));
            string said = await KilledRuns.EndsWellAsync(SmallRun.Resume(copy));
            Assert.Contains("checkpoint update-000006 is damaged, the one before it is used", said);
            Assert.Contains("made updates 4 to 8 again", said.Replace(" v", " ", StringComparison.Ordinal));
            Assert.Contains("update-000006 is damaged", await File.ReadAllTextAsync(Path.Combine(copy, "run.log")));
            KilledRuns.ExpectWhole(copy, Run);
            KilledRuns.ExpectSameModel(whole, copy);
        }
    }

    [Fact]
    public async Task Where_no_checkpoint_is_whole_the_run_ends_in_a_sentence_and_goes_on_once_one_is()
    {
        using var directory = new TemporaryDirectory();
        string killed = await directory.KilledAsync(Run, Fault);
        string copy = Copy(killed, Path.Combine(directory.Path, "copy"));
        FlipBit(Checkpoint(copy, 3, "model.safetensors"));
        Directory.Delete(Path.Combine(copy, "checkpoints", "update-000006"), recursive: true);
        ProcessEnd end = await RunProcess.RunAsync(SmallRun.Resume(copy));
        Assert.Equal(1, end.ExitCode);
        Assert.Contains("put the damaged checkpoint back from a copy", end.Errors);

        Directory.Delete(Path.Combine(copy, "checkpoints"), recursive: true);
        Copy(Path.Combine(killed, "checkpoints"), Path.Combine(copy, "checkpoints"));
        await KilledRuns.EndsWellAsync(SmallRun.Resume(copy));
        KilledRuns.ExpectWhole(copy, Run);
    }

    [Fact]
    public async Task A_torn_payload_is_cut_off_and_a_damaged_one_ends_the_run_until_it_is_mended()
    {
        using var directory = new TemporaryDirectory();
        string killed = await directory.KilledAsync(Run, $"{FaultPoints.UpdatePrepared}:5");
        string segment = Path.Combine(killed, "payloads", "00000000.segment");
        byte[] bytes = await File.ReadAllBytesAsync(segment);

        // The last record is that of a group of the prepared update.
        byte[] damaged = [.. bytes];
        damaged[^20] ^= 1;
        await File.WriteAllBytesAsync(segment, damaged);
        ProcessEnd end = await RunProcess.RunAsync(SmallRun.Resume(killed));
        Assert.Equal(1, end.ExitCode);
        Assert.Contains(segment, end.Errors);

        // Half a record, as an append leaves it that was interrupted.
        File.Delete(Path.Combine(killed, "payloads", "00000001.segment"));
        await File.WriteAllBytesAsync(segment, [.. bytes, .. bytes.AsSpan(0, 30)]);
        Assert.Contains("cut off 30 bytes", await KilledRuns.EndsWellAsync(SmallRun.Resume(killed)));
        KilledRuns.ExpectWhole(killed, Run);
        KilledRuns.ExpectSameModel(await directory.WholeAsync(Run), killed);
    }

    [Fact]
    public async Task A_second_process_on_a_run_is_refused_with_the_first_ones_host_and_process_id()
    {
        using var directory = new TemporaryDirectory();
        var run = new SmallRun(Staleness: 1, Updates: 400);
        string path = Path.Combine(directory.Path, "run");
        using Process first = RunProcess.Start(run.Train(path));
        using var deadline = new CancellationTokenSource(TimeSpan.FromMinutes(2));
        while (await first.StandardOutput.ReadLineAsync(deadline.Token) is { } line && !line.Contains("training", StringComparison.Ordinal))
        { }

        _ = first.StandardOutput.ReadToEndAsync();
        ProcessEnd second = await RunProcess.RunAsync(SmallRun.Resume(path));
        Assert.False(first.HasExited);
        Assert.Equal((2, ""), (second.ExitCode, second.Output));
        Assert.StartsWith($"icpo: {path} is in use by process {first.Id} on {Environment.MachineName}", second.Errors);

        first.Kill();
        await first.WaitForExitAsync(deadline.Token);
        ProcessEnd third = await RunProcess.RunAsync(SmallRun.Resume(path), FaultPoints.UpdateCommitted);
        Assert.Equal(ProcessEnd.Killed, third.ExitCode);
        Assert.Contains($"The lock of process {first.Id} on {Environment.MachineName}", third.Output);
        Assert.Contains("is taken over", third.Output);
    }

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
