using ICPO.Actors.Faults;

namespace EndToEnd.Tests.Faults;

/// <summary>
/// The whole process is killed repeatedly during a run: between the steps of the commit protocol, and at random times.
/// </summary>
public abstract class KillTests(WholeRuns whole, int staleness)
{
    private static readonly int Kills = LongTests.AreOn ? 4 : 2;

    /// <summary>Long enough that the fault points are reached in it.</summary>
    private readonly SmallRun _run = new(staleness, Updates: LongTests.AreOn ? 24 : 12) { Slots = 2 };

    private static readonly string[] Faults =
    [
        FaultPoints.JournalReached,
        FaultPoints.JournalRead,
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

    /// <summary>The fault points at which a commit is incomplete in different ways; the others take minutes more.</summary>
    private static readonly string[] CommitFaults =
    [
        FaultPoints.GroupStored,
        FaultPoints.UpdateStepped,
        FaultPoints.UpdateCommitted,
        FaultPoints.CheckpointNamed,
    ];

    protected async Task KillAtFaultPointsAsync()
    {
        Assert.Equal(FaultPoints.Names.Order(), Faults.Select(fault => fault.Split(':')[0]).Order());
        string[] faults = LongTests.AreOn ? Faults : CommitFaults;
        using var directory = new TemporaryFolder();
        string killed = await directory.KilledAsync(_run, faults[0]);
        foreach (string fault in faults[1..])
        {
            await KilledRuns.DiesAsync(SmallRun.Resume(killed), fault);
        }

        await KilledRuns.EndsWellAsync(SmallRun.Resume(killed));
        int beforeTheFirstEpoch = faults.Count(fault => fault is FaultPoints.JournalReached or FaultPoints.JournalRead);
        Assert.Equal(faults.Length + 1 - beforeTheFirstEpoch, KilledRuns.ExpectWhole(killed, _run).Starts);
        await ExpectSameModelAsync(killed);
    }

    protected async Task KillAtRandomInstantsAsync()
    {
        using var directory = new TemporaryFolder();
        string killed = Path.Combine(directory.Path, "killed");
        var random = new Random(20 + _run.Staleness);
        for (int kill = 0; kill < Kills; kill++)
        {
            // A run that was killed before it wrote its configuration is started again.
            bool begun = File.Exists(Path.Combine(killed, "effective.conf"));
            string[] command = begun ? SmallRun.Resume(killed) : _run.Train(killed);

            // Alternates between a random time after the start and one after the training has started.
            ProcessEnd end =
                kill % 2 == 0 ? await KillAsync(random.Next(200, 1500), null) : await KillAsync(random.Next(0, 500), " training ");
            Assert.True(end.ExitCode is ProcessEnd.Killed or 0, end.ToString());

            Task<ProcessEnd> KillAsync(int milliseconds, string? since) =>
                IcpoProcess.RunAsync(new ProcessOptions { KillAfter = TimeSpan.FromMilliseconds(milliseconds), Since = since }, command);
        }

        await KilledRuns.EndsWellAsync(SmallRun.Resume(killed));
        KilledRuns.ExpectWhole(killed, _run);
        await ExpectSameModelAsync(killed);
    }

    /// <summary>With η = 0 the weights are those of a run that was not killed.</summary>
    private async Task ExpectSameModelAsync(string killed)
    {
        if (_run.Staleness == 0)
        {
            KilledRuns.ExpectSameModel(await whole.DirectoryOfAsync(_run), killed);
        }
    }
}

/// <summary>η = 0, where the weights must also be those of a run that was not killed.</summary>
public sealed class SynchronousKillTests(WholeRuns whole) : KillTests(whole, staleness: 0)
{
    [Fact]
    public Task Killed_at_fault_points_it_ends_with_the_weights_of_a_run_that_was_not() => KillAtFaultPointsAsync();
}

/// <summary>η = 1, where rollouts arrive while the learner works. The soak kills at many more instants, with η = 0 too.</summary>
public sealed class AsynchronousKillTests(WholeRuns whole) : KillTests(whole, staleness: 1)
{
    [Fact]
    public Task Killed_at_fault_points_it_loses_nothing_and_trains_nothing_twice()
    {
        LongTests.Require();
        return KillAtFaultPointsAsync();
    }

    [Fact]
    public Task Killed_at_random_instants_it_loses_nothing_and_trains_nothing_twice() => KillAtRandomInstantsAsync();
}
