using ICPO.Actors.Faults;
using ICPO.Actors.Soak;

namespace EndToEnd.Tests.Faults;

/// <summary>
/// The whole process is killed, again and again in one run: between every two steps of the commit protocol, and at random instants.
/// </summary>
public abstract class KillTests
{
    private const int Kills = 10;

    private static readonly string[] Faults =
    [
        FaultPoints.JournalReached,
        $"{FaultPoints.PayloadWritten}:3",
        $"{FaultPoints.RolloutStored}:4",
        FaultPoints.GroupStored,
        FaultPoints.UpdatePrepared,
        FaultPoints.UpdateStepped,
        FaultPoints.UpdateCommitted,
        FaultPoints.PolicyWritten,
        FaultPoints.CheckpointFilled,
        FaultPoints.CheckpointNamed,
        FaultPoints.CheckpointRecorded,
        FaultPoints.SnapshotSaved,
        FaultPoints.EpochStarted,
        $"{FaultPoints.PolicyPublished}:2",
        FaultPoints.UpdateRedone,
    ];

    protected static async Task KillAtEveryFaultPointAsync(int staleness)
    {
        Assert.Equal(FaultPoints.Names.Order(), Faults.Select(fault => fault.Split(':')[0]).Order());
        using var directory = new TemporaryDirectory();
        var run = new SmallRun(staleness, Updates: 40) { Slots = 2 };
        string killed = await directory.KilledAsync(run, Faults[0]);
        foreach (string fault in Faults[1..])
        {
            await KilledRuns.DiesAsync(SmallRun.Resume(killed), fault);
        }

        await KilledRuns.EndsWellAsync(SmallRun.Resume(killed));

        // The first of them is before the first epoch.
        Assert.Equal(Faults.Length, KilledRuns.ExpectWhole(killed, run).Starts);
        if (staleness == 0)
        {
            KilledRuns.ExpectSameModel(await directory.WholeAsync(run), killed);
        }
    }

    protected static async Task KillAtRandomInstantsAsync(int staleness)
    {
        using var directory = new TemporaryDirectory();
        var run = new SmallRun(staleness, Updates: 60);
        string killed = Path.Combine(directory.Path, "killed");
        var random = new Random(20 + staleness);
        for (int kill = 0; kill < Kills; kill++)
        {
            // Before its configuration lies there a run has not begun, and is begun again.
            bool begun = File.Exists(Path.Combine(killed, "effective.conf"));
            string[] command = begun ? SmallRun.Resume(killed) : run.Train(killed);

            // By turns at any time since the start, and at any time since it trains.
            ProcessEnd end =
                kill % 2 == 0
                    ? await RunProcess.RunAsync(command, killAfter: TimeSpan.FromMilliseconds(random.Next(200, 1500)))
                    : await RunProcess.RunAsync(command, killAfter: TimeSpan.FromMilliseconds(random.Next(0, 500)), since: " training ");
            Assert.True(end.ExitCode is ProcessEnd.Killed or 0, end.ToString());
        }

        await KilledRuns.EndsWellAsync(SmallRun.Resume(killed));
        KilledRuns.ExpectWhole(killed, run);
        if (staleness == 0)
        {
            KilledRuns.ExpectSameModel(await directory.WholeAsync(run), killed);
        }
    }
}

/// <summary>η = 0: the weights are those of a run that was not killed, too.</summary>
public sealed class SynchronousKillTests : KillTests
{
    [Fact]
    public Task Killed_at_every_fault_point_it_ends_with_the_weights_of_a_run_that_was_not() => KillAtEveryFaultPointAsync(staleness: 0);

    [Fact]
    public Task Killed_at_random_instants_it_ends_with_the_weights_of_a_run_that_was_not() => KillAtRandomInstantsAsync(staleness: 0);
}

/// <summary>η = 1.</summary>
public sealed class AsynchronousKillTests : KillTests
{
    [Fact]
    public Task Killed_at_every_fault_point_it_loses_nothing_and_trains_nothing_twice() => KillAtEveryFaultPointAsync(staleness: 1);

    [Fact]
    public Task Killed_at_random_instants_it_loses_nothing_and_trains_nothing_twice() => KillAtRandomInstantsAsync(staleness: 1);
}
