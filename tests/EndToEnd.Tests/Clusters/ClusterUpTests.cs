using System.Diagnostics;
using System.Text.Json;
using ICPO.Actors.Cluster.Client;
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

        var run = new SmallRun(Staleness: 4, Updates: 80);
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

        await up.WaitForAsync("no longer holds the lease");
        await up.WaitForAsync("Nodes join with");

        // Each directory names the core wherever it runs, once the learner that was killed stands by.
        string[] directories = [directory, directory + ".standby-1"];
        ClusterStatus[] seen = [await StatusAsync(directories[0]), await StatusAsync(directories[1])];
        Assert.Equal(seen[0].Directory, seen[1].Directory);
        Assert.Contains(seen[0].Directory, directories);
        Assert.Equal(0, await up.ExitAsync());
        Assert.All(directories, one => Assert.False(File.Exists(Path.Combine(one, ClusterAddress.FileName)), one));
        RunSummary? ended = RunSummaries.Read(new RunDirectory(seen[0].Directory));
        Assert.Equal(("completed", run.Updates, true), (ended?.State, (int)(ended?.Updates ?? 0), ended?.LedgerCloses));
    }

    /// <summary>What <c>icpo cluster status</c> shows once both learners have their roles.</summary>
    private static async Task<ClusterStatus> StatusAsync(string directory)
    {
        using var deadline = new CancellationTokenSource(TimeSpan.FromMinutes(2));
        while (true)
        {
            ProcessEnd shown = await IcpoProcess.RunAsync("cluster", "status", directory, "--json");
            if (
                shown.ExitCode == 0
                && JsonSerializer.Deserialize<ClusterStatus>(shown.Output, JsonSerializerOptions.Web) is { } status
                && !status.Standbys.IsEmpty
            )
            {
                return status;
            }

            Assert.False(deadline.IsCancellationRequested, $"{shown.Output}{shown.Errors}");
        }
    }

    private static string[] Arguments(int process) => File.ReadAllText($"/proc/{process}/cmdline").Split('\0');
}
