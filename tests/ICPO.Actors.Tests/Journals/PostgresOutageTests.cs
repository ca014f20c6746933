using ICPO.Actors.Faults;
using ICPO.Actors.Progress;
using ICPO.Actors.RunFiles.Directories;
using ICPO.Actors.Runs;
using ICPO.Actors.Tests.Fakes;
using Microsoft.Extensions.DependencyInjection;

namespace ICPO.Actors.Tests.Journals;

/// <summary>Runs whose server goes away and comes back.</summary>
public sealed class PostgresOutageTests : PostgresRunTest
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_server_that_goes_away_in_the_middle_is_waited_for_and_nothing_is_lost_or_done_twice(bool killed)
    {
        string alone = await WeightsAsync(await StartAsync("alone"));
        HeldUpdate held = new(at: 2);
        IIcpoRun run = await StartAsync("run", held.Backend, ("journal.connection-string", Server.Uri));
        await held.Reached.WaitAsync(Far);
        await (killed ? Server.KillAsync() : Server.DownAsync());
        held.Release();
        List<string> messages = [];
        await foreach (RunProgress progress in run.ProgressAsync())
        {
            if (progress.Message is { } message && (messages.Count == 0 || messages[^1] != message))
            {
                messages.Add(message);
                if (Names(message) && messages.Count(Names) == 1)
                {
                    await Server.UpAsync();
                }
            }
        }

        // One message when the server stops answering, one when it answers again.
        Assert.True(messages.Count(Names) >= 2, string.Join('\n', messages));
        Assert.Equal(alone, await WeightsAsync(run));
        string[] numbers = await Server.QueryAsync("select sequence_number from journal order by sequence_number");
        Assert.Equal(Enumerable.Range(1, numbers.Length).Select(number => $"{number}"), numbers);
    }

    [Fact]
    public async Task A_run_waits_for_a_server_that_is_not_there_yet()
    {
        await Server.DownAsync();
        IIcpoRun run = await StartAsync("run", ("journal.connection-string", Server.Uri));
        bool up = false;
        await foreach (RunProgress progress in run.ProgressAsync())
        {
            if (!up && Names(progress.Message))
            {
                await Server.UpAsync();
                up = true;
            }
        }

        Assert.Equal("completed", (await run.Completion.WaitAsync(Far)).State);
    }

    [Fact]
    public async Task A_server_that_goes_away_after_it_was_reached_and_before_it_was_read_is_waited_for()
    {
        string alone = await WeightsAsync(await StartAsync("alone"));
        var faults = FaultPoints.Parse(FaultPoints.JournalReached, () => Server.DownAsync().GetAwaiter().GetResult());
        IIcpoRun run = await StartAsync("run", Settings([("journal.connection-string", Server.Uri)]), more: services =>
            services.AddSingleton(faults)
        );
        Assert.True(await UpWhenMissedAsync(run));
        Assert.Equal(alone, await WeightsAsync(run));
    }

    [Fact]
    public async Task A_run_that_is_stopped_while_the_server_is_away_ends_at_once_and_goes_on_when_it_is_back()
    {
        string alone = await WeightsAsync(await StartAsync("alone"));
        HeldUpdate held = new(at: 2);
        IIcpoRun run = await StartAsync(
            "run",
            held.Backend,
            ("journal.connection-string", Server.Uri),
            ("shutdown.stop-timeout", "1h"),
            ("journal.outage-timeout", "1h")
        );
        await held.Reached.WaitAsync(Far);
        await Server.KillAsync();
        held.Release();
        await MissedAsync(run);
        await run.StopAsync().WaitAsync(Far);
        RunSummary summary = await run.Completion;
        Assert.Equal(("stopped", 2, Path.Combine("checkpoints", "update-000002")), (summary.State, summary.Updates, summary.Model));
        Assert.True(Names(summary.StopIncomplete));
        Assert.True(Names(Stored(run).StopIncomplete));
        Assert.Contains(await File.ReadAllLinesAsync(Path.Combine(run.Directory, "run.log")), line =>
            line.Contains(summary.StopIncomplete!, StringComparison.Ordinal)
        );

        // Before anything was read, too: the summary of the earlier start stays.
        IIcpoRun early = await ResumeAsync();
        await MissedAsync(early);
        await early.StopAsync().WaitAsync(Far);
        Assert.Equal(("stopped", 2), await early.Completion is var ended ? (ended.State, ended.Updates) : default);
        Assert.Equal(2, Stored(run).Updates);
        await Server.UpAsync();
        Assert.Equal(alone, await WeightsAsync(await ResumeAsync()));
    }

    [Fact]
    public async Task A_server_that_stays_away_ends_the_run_which_goes_on_when_it_is_back()
    {
        string alone = await WeightsAsync(await StartAsync("alone"));
        HeldUpdate held = new(at: 2);
        IIcpoRun run = await StartAsync("run", held.Backend, ("journal.connection-string", Server.Uri), ("journal.outage-timeout", "5s"));
        await held.Reached.WaitAsync(Far);
        await Server.KillAsync();
        held.Release();
        RunFailedException error = await Assert.ThrowsAsync<RunFailedException>(() => run.Completion.WaitAsync(Far));
        Assert.Contains("journal.outage-timeout", error.Message, StringComparison.Ordinal);
        await Server.UpAsync();
        Assert.Equal(alone, await WeightsAsync(await ResumeAsync()));
    }

    private static RunSummary Stored(IIcpoRun run) => RunSummaries.Read(new RunDirectory(run.Directory))!;

    /// <summary>Whether a message names the server.</summary>
    private bool Names(string? message) => message?.Contains($":{Server.Port}", StringComparison.Ordinal) == true;

    /// <summary>Returns when the run reports that its server does not answer.</summary>
    private async Task<bool> MissedAsync(IIcpoRun run)
    {
        await foreach (RunProgress progress in run.ProgressAsync())
        {
            if (Names(progress.Message))
            {
                return true;
            }
        }

        return false;
    }

    private async Task<bool> UpWhenMissedAsync(IIcpoRun run)
    {
        bool missed = await MissedAsync(run);
        await Server.UpAsync();
        return missed;
    }
}
