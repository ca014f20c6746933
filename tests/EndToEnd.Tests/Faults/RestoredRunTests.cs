using ICPO.Actors.Faults;
using ICPO.Actors.RunFiles.Directories;
using ICPO.Actors.RunFiles.Restoring;

namespace EndToEnd.Tests.Faults;

/// <summary>A run on a PostgreSQL server that is killed, loses its directory, and goes on elsewhere.</summary>
public sealed class RestoredRunTests(WholeRuns whole)
{
    [Fact]
    public async Task Killed_in_an_append_and_continued_in_another_directory_it_ends_with_the_same_weights()
    {
        LongTests.Require();
        Assert.SkipWhen(PostgresServer.Missing is not null, PostgresServer.Missing ?? "");
        var run = new SmallRun(Staleness: 0, Updates: 24) { Slots = 2 };
        await using PostgresServer server = await PostgresServer.StartAsync();
        using var directory = new TemporaryFolder();
        string killed = Path.Combine(directory.Path, "killed");
        string[] train = [.. run.Train(killed), "--set", $"journal.connection-string={server.Uri}", "--set", "run.id=mine"];
        await KilledRuns.DiesAsync(train, $"{FaultPoints.PayloadWritten}:12");

        // A new core takes the run at once, whatever the one before it held.
        await KilledRuns.DiesAsync(SmallRun.Resume(killed), FaultPoints.JournalRead);
        RunDirectory elsewhere = await RunRestore.FromDatabaseAsync(server.Uri, "mine", Path.Combine(directory.Path, "elsewhere"));
        foreach (string checkpoint in Directory.GetDirectories(new RunDirectory(killed).Checkpoints))
        {
            Directory.Move(checkpoint, Path.Combine(elsewhere.Checkpoints, Path.GetFileName(checkpoint)));
        }

        Directory.Delete(killed, recursive: true);
        await KilledRuns.EndsWellAsync(SmallRun.Resume(elsewhere.Path));
        Assert.Equal(2, KilledRuns.ExpectWhole(elsewhere.Path, run).Starts);
        KilledRuns.ExpectSameModel(await whole.DirectoryOfAsync(run), elsewhere.Path);
    }
}
