namespace ICPO.Actors.Tests.Ownership;

/// <summary>Two cores of a run that are alive at once.</summary>
public sealed class TwoCoresTests(JournalServer journal) : PostgresTest(journal)
{
    /// <summary>The steps of the core that has the run.</summary>
    private static readonly (string Name, Func<ScheduledCore, Task> Do)[] Old =
    [
        ("append", core => core.AppendAsync()),
        ("event", core => core.AdmitAsync()),
        ("event", core => core.ConsumeAsync()),
        ("prune", core => core.PruneAsync()),
        ("append", core => core.AppendAsync()),
    ];

    /// <summary>The steps of the core that takes it.</summary>
    private static readonly Func<ScheduledCore, Task>[] New =
    [
        core => core.TakeAsync(),
        core => core.ReplayAsync(),
        core => core.StartEpochAsync(),
        core => core.AppendAsync(),
        core => core.AdmitAsync(),
    ];

    [Fact]
    public async Task However_their_writes_interleave_there_is_one_history_and_nothing_acknowledged_is_lost()
    {
        int schedules = 0;
        for (int schedule = 0; schedule < 1 << (Old.Length + New.Length); schedule++)
        {
            if (int.PopCount(schedule) == New.Length)
            {
                // All of them take minutes on a busy machine; every third is run where long tests are not asked for.
                if (LongTests.AreOn || schedules % 3 == 0)
                {
                    await CheckAsync(schedule);
                }

                schedules++;
            }
        }

        Assert.Equal(252, schedules);
    }

    /// <param name="schedule">A bit for each step: 1 for one of the new core.</param>
    private async Task CheckAsync(int schedule)
    {
        string run = $"run-{schedule}";
        await using var old = new ScheduledCore(Database, run, "old");
        await using var @new = new ScheduledCore(Database, run, "new");
        await old.TakeAsync();
        await old.ReplayAsync();
        await old.StartEpochAsync();
        (int oldStep, int newStep) = (0, 0);
        for (int step = 0; step < Old.Length + New.Length; step++)
        {
            if ((schedule >> step & 1) == 1)
            {
                await New[newStep++](@new);
                continue;
            }

            bool wasFenced = old.IsFenced;
            (string name, Func<ScheduledCore, Task> act) = Old[oldStep++];
            await act(old);

            // An event has no other fence than the journal's numbers.
            bool expected = wasFenced || (name == "event" ? @new.HasEpoch : @new.HasTaken);
            Assert.True(expected == old.IsFenced, $"{name} in schedule {schedule:b}: fenced is {old.IsFenced}");
        }

        Assert.False(@new.IsFenced);
        string[] history = await @new.EventsAsync();
        int begun = Array.IndexOf(history, "epoch of new");
        Assert.Equal(old.Acknowledged, history[..begun]);
        Assert.Equal(@new.Acknowledged, history[begun..]);
        foreach (string admitted in history.Where(happened => happened.StartsWith("admit", StringComparison.Ordinal)))
        {
            string[] words = admitted.Split(' ');
            if (!history.Contains($"consume {words[1]} {words[2]}"))
            {
                Assert.Equal(words[1] == "1" ? "old" : "new", @new.Read(admitted).Split(' ')[0]);
            }
        }
    }
}
