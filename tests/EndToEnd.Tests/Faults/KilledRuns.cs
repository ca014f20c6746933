using ICPO.Actors.Contracts.Identity;
using ICPO.Actors.RunFiles.Directories;
using ICPO.Actors.RunFiles.Journal;
using ICPO.Actors.Soak;
using ICPO.Actors.Wire.Segments;

namespace EndToEnd.Tests.Faults;

/// <summary>Runs of the real executable that were killed, and what they must have come to.</summary>
internal static class KilledRuns
{
    /// <summary>A run that nothing happened to; its directory.</summary>
    public static async Task<string> WholeAsync(this TemporaryDirectory directory, SmallRun run)
    {
        string path = Path.Combine(directory.Path, "whole");
        await EndsWellAsync(run.Train(path));
        return path;
    }

    /// <summary>A run that was killed at a fault point; its directory.</summary>
    public static async Task<string> KilledAsync(this TemporaryDirectory directory, SmallRun run, string fault)
    {
        string path = Path.Combine(directory.Path, "killed");
        await DiesAsync(run.Train(path), fault);
        return path;
    }

    /// <summary>Rollouts that wait in the journal for their siblings, with what they are.</summary>
    public static Dictionary<RolloutId, byte[]> Kept(string directory)
    {
        var journal = RunJournal.Open(directory);
        return journal
            .State.Rollouts.Values.SelectMany(rollouts => rollouts)
            .ToDictionary(stored => stored.Rollout, stored => GroupPayload.Write(journal.Read(stored)));
    }

    public static async Task DiesAsync(string[] command, string fault)
    {
        ProcessEnd end = await RunProcess.RunAsync(command, fault);
        Assert.True(end.ExitCode == ProcessEnd.Killed, $"{fault} was not reached: {end}");
    }

    /// <returns>What it said.</returns>
    public static async Task<string> EndsWellAsync(string[] command)
    {
        ProcessEnd end = await RunProcess.RunAsync(command);
        Assert.True(end.ExitCode == 0 && end.Errors.Length == 0, end.ToString());
        return end.Output;
    }

    /// <summary>Nothing is lost, nothing trained twice, the ledger closes, the target is reached.</summary>
    public static RunAudit ExpectWhole(string directory, SmallRun run)
    {
        var audit = RunAudit.Of(directory, run);
        Assert.Empty(audit.Findings);
        Assert.Equal((0, 0, true), (audit.Lost, audit.TrainedTwice, audit.LedgerCloses));
        return audit;
    }

    /// <summary>The model of two runs is the same byte for byte, moments included: every file of it.</summary>
    public static void ExpectSameModel(string expected, string actual)
    {
        Assert.Equal(Files(expected), Files(actual));
        foreach (string? file in Files(expected))
        {
            Assert.True(
                File.ReadAllBytes(Path.Combine(Model(expected), file!))
                    .AsSpan()
                    .SequenceEqual(File.ReadAllBytes(Path.Combine(Model(actual), file!))),
                $"{file} differs"
            );
        }
    }

    /// <summary>The last checkpoint of a run that has ended.</summary>
    public static string Model(string directory) => Path.Combine(directory, RunSummaries.Read(new RunDirectory(directory))!.Model!);

    private static string?[] Files(string directory) =>
        [.. Directory.EnumerateFiles(Model(directory)).Select(Path.GetFileName).Order(StringComparer.Ordinal)];
}
