using ICPO.Actors.Contracts.Identity;
using ICPO.Actors.RunFiles.Directories;
using ICPO.Actors.RunFiles.Journal;
using ICPO.Actors.Wire.Segments;

namespace EndToEnd.Tests.Faults;

/// <summary>Starts runs that are killed, and checks their results.</summary>
internal static class KilledRuns
{
    /// <summary>The directory of a run that was killed at a fault point.</summary>
    public static async Task<string> KilledAsync(this TemporaryFolder directory, SmallRun run, string fault)
    {
        string path = Path.Combine(directory.Path, "killed");
        await DiesAsync(run.Train(path), fault);
        return path;
    }

    /// <summary>The stored rollouts of undecided groups with their payloads.</summary>
    public static Dictionary<RolloutId, byte[]> Kept(string directory)
    {
        var journal = RunJournal.Open(directory);
        return journal
            .State.Rollouts.Values.SelectMany(rollouts => rollouts)
            .ToDictionary(stored => stored.Rollout, stored => GroupPayload.Write(journal.Read(stored)));
    }

    public static async Task DiesAsync(string[] command, string fault)
    {
        ProcessEnd end = await IcpoProcess.RunAsync(new ProcessOptions { Fault = fault }, command);
        Assert.True(end.ExitCode == ProcessEnd.Killed, $"{fault} was not reached: {end}");
    }

    /// <returns>Standard output.</returns>
    public static async Task<string> EndsWellAsync(string[] command)
    {
        ProcessEnd end = await IcpoProcess.RunAsync(command);
        Assert.True(end.ExitCode == 0 && end.Errors.Length == 0, end.ToString());
        return end.Output;
    }

    /// <summary>No group is lost or trained on twice, the ledger closes, and all updates are made.</summary>
    public static RunAudit ExpectWhole(string directory, SmallRun run)
    {
        var audit = RunAudit.Create(directory, run);
        Assert.Empty(audit.Findings);
        Assert.Equal((0, 0, true), (audit.Lost, audit.TrainedTwice, audit.LedgerCloses));
        return audit;
    }

    /// <summary>All files of the final checkpoints of two runs are identical, including the optimizer state.</summary>
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

    /// <summary>The final checkpoint of a completed run.</summary>
    public static string Model(string directory) => Path.Combine(directory, RunSummaries.Read(new RunDirectory(directory))!.Model!);

    private static string?[] Files(string directory) =>
        [.. Directory.EnumerateFiles(Model(directory)).Select(Path.GetFileName).Order(StringComparer.Ordinal)];
}
