using System.Collections.Concurrent;
using ICPO.Actors.RunFiles.Audit;
using ICPO.Actors.RunFiles.Directories;
using ICPO.Actors.RunFiles.Inspection;
using ICPO.Actors.RunFiles.Journal;
using ICPO.Actors.Runs;
using ICPO.Actors.Tests.Fakes;

namespace ICPO.Actors.Tests.Runs;

/// <summary>Runs that are stopped and resumed.</summary>
public sealed class RunStopTests : RunTest
{
    [Theory]
    [InlineData("icpo")]
    [InlineData("hpt")]
    [InlineData("srft")]
    [InlineData("scaf-grpo")]
    [InlineData("bread")]
    [InlineData("grpo", 2)]
    [InlineData("icpo", 3)]
    public async Task A_synchronous_run_that_is_stopped_in_every_update_ends_like_one_that_was_not(string preset, int samples = 1)
    {
        KeyValuePair<string, string>[] settings =
        [
            .. Synchronous,
            new("preset", preset),
            new("expert.warmup-updates", "2"),
            new("buffer.samples-per-insert", $"{samples}"),
        ];
        string whole = await WeightsAsync(await StartAsync("whole", settings));
        for (int start = 0; start < 6; start++)
        {
            HeldUpdate held = new(at: start);
            IIcpoRun run =
                start == 0 ? await StartAsync("stopped", settings, held.Backend) : await ResumeAsync("stopped", settings, held.Backend);
            await StopAsync(run, held);
            RunSummary summary = await run.Completion;
            Assert.Equal((start < 5 ? "stopped" : "completed", start + 1, true), (summary.State, summary.Updates, summary.LedgerCloses));
            Assert.True(File.Exists(Path.Combine(run.ModelDirectory, "state")));
        }

        Assert.Equal(whole, await File.ReadAllTextAsync(Path.Combine(Folder.In("stopped"), "checkpoints", "update-000006", "state")));
        Assert.Equal([1L, 2, 3, 4, 5, 6], Updates(Folder.In("stopped")));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public async Task What_was_sampled_of_an_undecided_group_is_not_sampled_again(int staleness)
    {
        KeyValuePair<string, string>[] settings =
        [
            new("admission.max-staleness", $"{staleness}"),
            new("preset", "icpo"),
            new("group.policy-rollouts", "4"),
            new("group.expert-rollouts", "1"),
            new("evaluation.at-start", "false"),
        ];
        ConcurrentBag<ulong> first = [],
            second = [];
        var held = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var holding = new HashBackend
        {
            BeforeSampling = (request, cancellation) =>
            {
                // Policy rollouts are made, expert rollouts are not: no group can be decided.
                if (request.Seeds.Length > 1)
                {
                    first.Add(request.Seeds[0]);
                    return Task.CompletedTask;
                }

                held.TrySetResult();
                return Task.Delay(Timeout.Infinite, cancellation);
            },
        };
        IIcpoRun run = await StartAsync("run", settings, holding);
        await held.Task.WaitAsync(Far);
        await run.StopAsync().WaitAsync(Far);
        int kept = RunJournal.Open(run.Directory).State.Rollouts.Values.Sum(rollouts => rollouts.Length);
        Assert.Equal(4 * first.Count, kept);
        Assert.True(kept > 0);
        Assert.All(new GroupInspector(RunJournal.Open(run.Directory)).Groups(new InspectionFilter()), group =>
            Assert.Equal((GroupFate.Open, 4), (group.Fate, group.Rollouts.Length))
        );

        var counting = new HashBackend
        {
            BeforeSampling = (request, _) =>
            {
                second.Add(request.Seeds[0]);
                return Task.CompletedTask;
            },
        };
        IIcpoRun again = await ResumeAsync("run", settings, counting);
        RunSummary summary = await again.Completion.WaitAsync(Far);
        Assert.Equal(("completed", true), (summary.State, summary.LedgerCloses));
        Assert.Empty(first.Intersect(second));
        JournalAccount account = JournalAudit.Check(RunJournal.Open(run.Directory));
        Assert.Empty(account.Faults);
        Assert.Equal(kept, account.Starts[0].Generated.Policy.Rollouts);
        if (staleness == 0)
        {
            Assert.Equal(await WeightsAsync(await StartAsync("whole", settings)), await WeightsAsync(again));
        }
    }

    [Fact]
    public async Task A_run_that_is_stopped_during_its_first_evaluation_does_not_wait_for_it()
    {
        var begun = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var backend = new HashBackend
        {
            BeforeSampling = (_, cancellation) =>
            {
                begun.TrySetResult();
                return Task.Delay(Timeout.Infinite, cancellation);
            },
        };
        IIcpoRun run = await StartAsync("run", [], backend);
        await begun.Task.WaitAsync(Far);
        await run.StopAsync().WaitAsync(Far);
        Assert.Equal(("stopped", 0), await run.Completion is var summary ? (summary.State, summary.Updates) : default);
    }

    [Fact]
    public async Task A_run_whose_update_takes_too_long_for_a_stop_is_stopped_with_what_is_committed()
    {
        string whole = await WeightsAsync(await StartAsync("whole", Synchronous));
        HeldUpdate held = new(at: 3);
        IIcpoRun run = await StartAsync("run", [.. Synchronous, new("shutdown.stop-timeout", "1s")], held.Backend);
        await held.Reached.WaitAsync(Far);
        await run.StopAsync().WaitAsync(Far);
        RunSummary summary = await run.Completion;
        Assert.Equal(("stopped", 3), (summary.State, summary.Updates));
        Assert.NotNull(summary.StopIncomplete);
        Assert.Equal(Path.Combine(run.Directory, "checkpoints", "update-000002"), run.ModelDirectory);
        Assert.Equal(summary.StopIncomplete, RunSummaries.Read(new RunDirectory(run.Directory))!.StopIncomplete);
        held.Release();

        Assert.Equal(whole, await WeightsAsync(await ResumeAsync("run", Synchronous)));
        Assert.Empty(JournalAudit.Check(RunJournal.Open(run.Directory)).Faults);
    }

    [Fact]
    public async Task A_run_that_is_stopped_at_once_is_stopped_and_can_go_on()
    {
        IIcpoRun run = await StartAsync("run", Synchronous);
        await run.StopAsync().WaitAsync(Far);
        Assert.Equal(("stopped", 0), await run.Completion is var summary ? (summary.State, summary.Updates) : default);
        IIcpoRun again = await ResumeAsync("run", Synchronous);
        Assert.Equal("completed", (await again.Completion.WaitAsync(Far)).State);
    }
}
