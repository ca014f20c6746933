using ICPO.Actors.Contracts.Buffering;
using ICPO.Actors.Contracts.Identity;
using ICPO.Actors.RunFiles.History;
using ICPO.Actors.RunFiles.Journal;
using ICPO.Actors.RunFiles.Replay;
using ICPO.Actors.Wire.Codecs;

namespace ICPO.Actors.Tests.Journals;

public sealed class RunReplayTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    [Fact]
    public async Task A_replay_of_an_asynchronous_run_ends_with_its_weights()
    {
        string run = await FinishedRun.MakeAsync(_folder.In("run"));
        await using RunReplay replay = await RunReplay.BeginAsync(RunJournal.Open(run), new HashBackend());
        Assert.Null(replay.From);
        ReplayedUpdate[] updates = await MakeAsync(replay, replay.Last);
        Assert.Equal([1L, 2, 3, 4, 5, 6], updates.Select(update => update.Recorded.Version.Value));
        Assert.All(updates, update => Assert.True(update.IsSame));
        await replay.SaveAsync(_folder.In("again"));
        Assert.Equal(FinishedRun.Weights(run), await File.ReadAllTextAsync(Path.Combine(_folder.In("again"), "state")));
    }

    [Fact]
    public async Task The_metrics_of_an_update_are_those_that_the_run_wrote()
    {
        string run = await FinishedRun.MakeAsync(_folder.In("run"));
        await using RunReplay replay = await RunReplay.BeginAsync(RunJournal.Open(run), new HashBackend());
        ReplayedUpdate[] updates = await MakeAsync(replay, new PolicyVersion(4));
        Assert.Equal(4, updates.Length);
        foreach ((ReplayedUpdate made, UpdateLine written) in updates.Zip(RunHistory.Read(run).Updates))
        {
            Assert.Equal(written.Values.Where(metric => !DependsOnTime(metric.Key)), made.Metrics);
        }
    }

    /// <summary>Rates, and where time and staleness arose, are of the run and not of its groups.</summary>
    private static bool DependsOnTime(string metric) =>
        metric.EndsWith("per_second", StringComparison.Ordinal)
        || metric.StartsWith("busy/", StringComparison.Ordinal)
        || metric is "staleness/in_flight" or "staleness/in_queue" or "completions/length_ks";

    [Fact]
    public async Task Replay_stops_at_an_update_whose_recorded_weights_differ()
    {
        string run = await FinishedRun.MakeAsync(_folder.In("run"));
        FinishedRun.Change(
            run,
            """
            UPDATE journal SET message = @message WHERE ordering =
            (SELECT ordering FROM journal WHERE manifest = 'update-recorded.1' ORDER BY sequence_number LIMIT 1 OFFSET 2)
            """,
            (
                "@message",
                new IcpoSerializer(null!).ToBinary(
                    new UpdateCommittedEvent(new PolicyVersion(3), new LearnerEpoch(1), HashLearner.Hash("others"))
                )
            )
        );
        await using RunReplay replay = await RunReplay.BeginAsync(RunJournal.Open(run), new HashBackend());
        ReplayedUpdate[] updates = await MakeAsync(replay, replay.Last);
        Assert.Equal([(1L, true), (2, true), (3, false)], updates.Select(update => (update.Recorded.Version.Value, update.IsSame)));
    }

    [Fact]
    public async Task Where_the_oldest_events_are_gone_it_begins_with_the_checkpoint_that_covers_them()
    {
        string run = await FinishedRun.MakeAsync(_folder.In("run"), new KeyValuePair<string, string>("checkpoint.keep", "3"));
        FinishedRun.Change(run, "DELETE FROM journal WHERE sequence_number <= (SELECT max(sequence_number) FROM snapshot)");
        var journal = RunJournal.Open(run);
        Assert.NotNull(journal.Start);
        await using RunReplay replay = await RunReplay.BeginAsync(journal, new HashBackend());
        Assert.Equal("update-000002", replay.From!.Directory);
        ReplayedUpdate[] updates = await MakeAsync(replay, replay.Last);
        Assert.Equal(
            [(3L, true), (4, true), (5, true), (6, true)],
            updates.Select(update => (update.Recorded.Version.Value, update.IsSame))
        );
    }

    public void Dispose() => _folder.Dispose();

    private static async Task<ReplayedUpdate[]> MakeAsync(RunReplay replay, PolicyVersion until)
    {
        var updates = new List<ReplayedUpdate>();
        await foreach (ReplayedUpdate update in replay.UpdatesAsync(until))
        {
            updates.Add(update);
        }

        return [.. updates];
    }
}
