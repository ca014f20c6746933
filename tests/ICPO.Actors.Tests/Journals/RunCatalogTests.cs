using ICPO.Actors.RunFiles;
using ICPO.Actors.RunFiles.Directories;
using ICPO.Actors.Runs;

namespace ICPO.Actors.Tests.Journals;

public sealed class RunCatalogTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    [Fact]
    public async Task A_run_is_running_while_its_process_is_at_it_and_complete_when_it_has_ended()
    {
        var held = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var goOn = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var backend = new HashBackend
        {
            BeforeUpdate = batch =>
            {
                if (batch.From.Value < 3)
                {
                    return Task.CompletedTask;
                }

                held.TrySetResult();
                return goOn.Task;
            },
        };
        IIcpoRun run = await FinishedRun.StartAsync(_folder.In("below/run"), [], backend);
        await held.Task.WaitAsync(FinishedRun.Far);
        RunEntry running = Assert.Single(RunCatalog.Read(_folder.Path, TimeProvider.System));
        Assert.Equal((RunState.Running, Environment.ProcessId, 3L), (running.State, running.Owner!.Process, running.Committed));
        goOn.SetResult();
        RunSummary summary = await run.Completion.WaitAsync(FinishedRun.Far);
        RunEntry complete = Assert.Single(RunCatalog.Read(_folder.Path, TimeProvider.System));
        Assert.Equal((RunState.Completed, 6L, 6L), (complete.State, complete.Committed, complete.AccuracyAt));
        Assert.Equal((summary.AccuracyBefore, summary.AccuracyAfter), (complete.Before, complete.Accuracy));
    }

    [Fact]
    public async Task An_owner_that_is_gone_leaves_a_dead_run_whatever_an_earlier_start_said()
    {
        string run = await FinishedRun.MakeAsync(_folder.In("run"));
        var time = new ManualTime();
        var owner = new RunOwner(Environment.MachineName, int.MaxValue, "t", time.GetUtcNow(), time.GetUtcNow());
        Assert.Equal((RunState.Dead, 6L), State(owner));

        // Another process has got its number since.
        Assert.Equal((RunState.Dead, 6L), State(owner with { Process = Environment.ProcessId }));
        Assert.Equal((RunState.Running, 6L), State(owner with { Host = "another machine" }));

        // A machine of the same name.
        Assert.Equal((RunState.Running, 6L), State(owner with { Boot = "another boot" }));
        time.Advance(RunLock.Lease + TimeSpan.FromSeconds(1));
        Assert.Equal((RunState.Dead, 6L), State(owner with { Host = "another machine" }));

        (RunState, long) State(RunOwner owner)
        {
            FinishedRun.Own(run, owner);
            RunEntry entry = Assert.Single(RunCatalog.Read(run, time));
            return (entry.State, entry.Committed);
        }
    }

    [Fact]
    public async Task A_run_that_cannot_be_read_is_listed_with_the_reason_and_does_not_hide_the_others()
    {
        await FinishedRun.MakeAsync(_folder.In("b"));
        File.WriteAllText(Path.Combine(_folder.Folder("a"), "effective.conf"), "icpo.run.updates = none");
        RunEntry[] runs = [.. RunCatalog.Read(_folder.Path, TimeProvider.System)];
        Assert.Equal([RunState.Dead, RunState.Completed], runs.Select(run => run.State));
        Assert.Contains("icpo.run.updates", runs[0].Error, StringComparison.Ordinal);
        Assert.Throws<DirectoryNotFoundException>(() => RunCatalog.Read(_folder.In("none"), TimeProvider.System));
    }

    public void Dispose() => _folder.Dispose();
}
