using System.Diagnostics;
using ICPO.Actors.RunFiles.Directories;

namespace EndToEnd.Tests.Clusters;

/// <summary><c>icpo cluster up</c> with a standby and a server of its own.</summary>
public sealed class ClusterUpTests
{
    [Fact]
    public async Task A_learner_that_is_killed_is_replaced_and_started_again()
    {
        LongTests.Require();
        if (PostgresServer.Missing is { } missing)
        {
            Assert.Skip(missing);
        }

        using var folder = new TemporaryFolder();
        if (!OperatingSystem.IsWindows())
        {
            // The server runs as another user where the tests run as root.
            File.SetUnixFileMode(folder.Path, (UnixFileMode)0b111_101_101);
        }

        var run = new SmallRun(Staleness: 4, Updates: 40);
        string directory = folder.In("run");
        await using var up = LineProcess.Start([
            "cluster",
            "up",
            "--nodes",
            "4",
            "--set",
            $"run.directory={directory}",
            "--set",
            "engine.count=1",
            .. run.Settings,
        ]);
        await up.WaitForAsync("learner-2: standing by");
        await up.WaitForAsync(" training ");
        using (var first = Process.GetProcessById(ChildProcesses.Of(up.Id).Single(id => Arguments(id).Contains("cluster.name=learner-1"))))
        {
            first.Kill();
        }

        await up.WaitForAsync("learner-2: Nodes join with");
        Assert.Equal(0, await up.ExitAsync());
        RunSummary? ended = RunSummaries.Read(new RunDirectory(directory + ".standby-1"));
        Assert.Equal(("completed", run.Updates, true), (ended?.State, (int)(ended?.Updates ?? 0), ended?.LedgerCloses));
    }

    private static string[] Arguments(int process) => File.ReadAllText($"/proc/{process}/cmdline").Split('\0');
}
