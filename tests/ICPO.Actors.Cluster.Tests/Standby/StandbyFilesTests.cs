using ICPO.Actors.Cluster.Client;
using ICPO.Actors.Cluster.Core;
using ICPO.Actors.RunFiles.Directories;

namespace ICPO.Actors.Cluster.Tests.Standby;

/// <summary>What a core gives to its standbys, and what it keeps for them.</summary>
public sealed class StandbyFilesTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Complete_checkpoints_are_listed_newest_first_and_nothing_else_is_given()
    {
        RunDirectory run = Run(3, 6);
        Directory.CreateDirectory(Path.Combine(run.Checkpoints, "update-000009.tmp"));
        var files = new StandbyFiles(run, keep: 2);
        StandbyOrders orders = files.List();
        Assert.Equal([6, 3], orders.Checkpoints.Select(checkpoint => checkpoint.Version));
        string given = orders.Checkpoints[0].Files.Single().Name;
        Assert.Equal(Path.Combine(run.Checkpoints, "update-000006", "weights"), files.PathOf(given));
        Assert.All(["run.lock", "../x", "checkpoints/update-000009.tmp/weights", "/etc/passwd", "checkpoints/../run.log"], name =>
            Assert.Null(files.PathOf(name))
        );
    }

    [Fact]
    public void A_run_can_go_back_to_its_base_model_until_as_many_checkpoints_are_there_as_are_kept()
    {
        Assert.Equal(0, new StandbyFiles(Run(3), keep: 2).OldestKept);
        Assert.Equal(3, new StandbyFiles(Run(3, 6), keep: 2).OldestKept);
    }

    [Fact]
    public void What_the_slowest_standby_that_reports_holds_is_kept()
    {
        var time = new ManualTime();
        var standbys = new StandbyTable(time);
        Assert.Null(standbys.OldestHeld);
        standbys.Saw(new StandbyStatus("a", 6, IsReady: true, null));
        standbys.Saw(new StandbyStatus("b", 3, IsReady: true, null));
        Assert.Equal(3, standbys.OldestHeld?.Value);
        time.Advance(TimeSpan.FromSeconds(20));
        standbys.Saw(new StandbyStatus("a", 9, IsReady: true, null));
        time.Advance(TimeSpan.FromSeconds(20));
        Assert.Equal(9, standbys.OldestHeld?.Value);
        Assert.Equal("a", Assert.Single(standbys.Present).Name);
        standbys.Saw(new StandbyStatus("c", null, IsReady: true, null));
        Assert.Equal(0, standbys.OldestHeld?.Value);
    }

    private RunDirectory Run(params int[] checkpoints)
    {
        var run = new RunDirectory(_folder.Folder(Guid.NewGuid().ToString("n")));
        run.Create();
        foreach (int version in checkpoints)
        {
            string checkpoint = Path.Combine(run.Checkpoints, $"update-{version:D6}");
            Directory.CreateDirectory(checkpoint);
            File.WriteAllText(Path.Combine(checkpoint, "weights"), $"{version}");
        }

        return run;
    }
}
