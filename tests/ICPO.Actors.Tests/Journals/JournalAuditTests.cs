using System.Collections.Immutable;
using ICPO.Actors.Algorithm.Ledgers;
using ICPO.Actors.Contracts.Buffering;
using ICPO.Actors.Contracts.Groups;
using ICPO.Actors.Contracts.Identity;
using ICPO.Actors.RunFiles.Audit;
using ICPO.Actors.RunFiles.Directories;
using ICPO.Actors.RunFiles.Journal;
using ICPO.Actors.Runs;
using ICPO.Actors.Wire.Codecs;

namespace ICPO.Actors.Tests.Journals;

public sealed class JournalAuditTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    [Fact]
    public async Task The_ledger_of_a_run_that_was_stopped_and_went_on_closes_and_tells_both_starts()
    {
        var stopped = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var asked = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var backend = new HashBackend
        {
            BeforeUpdate = batch =>
            {
                if (batch.From.Value < 2)
                {
                    return Task.CompletedTask;
                }

                stopped.TrySetResult();
                return asked.Task;
            },
        };
        IIcpoRun run = await FinishedRun.StartAsync(_folder.In("run"), [], backend);
        await stopped.Task.WaitAsync(FinishedRun.Far);
        JournalAccount during = JournalAudit.Check(RunJournal.Open(run.Directory));
        Assert.Empty(during.Faults);
        Task stop = run.StopAsync();
        asked.SetResult();
        await stop.WaitAsync(FinishedRun.Far);
        var runs = (IIcpoRuns)FinishedRun.Services().GetService(typeof(IIcpoRuns))!;
        RunSummary summary = await (await runs.ResumeAsync(run.Directory)).Completion.WaitAsync(FinishedRun.Far);

        JournalAccount account = JournalAudit.Check(RunJournal.Open(run.Directory));
        Assert.Empty(account.Faults);
        Assert.Equal([1L, 2], account.Starts.Select(start => start.Epoch));
        Assert.Equal((0L, 6L), (account.Starts[0].From.Value, account.Starts[1].To.Value));
        Assert.Equal(account.Starts[0].To, account.Starts[1].From);
        Assert.Equal(summary.GroupsAdmitted, account.Starts.Sum(start => start.Admitted));
        Assert.Equal(summary.GroupsRejected, account.Starts.Sum(start => start.Rejected));
        Assert.Equal(summary.TokensTrained, account.Ledger[LedgerEntry.Consumed].Total.Tokens);
        Assert.Equal(account.Ledger.GroupsAdmitted, account.PayloadsRead);
    }

    [Fact]
    public async Task A_group_that_trains_twice_is_named()
    {
        string run = await FinishedRun.MakeAsync(_folder.In("run"));
        var journal = RunJournal.Open(run);
        GroupId twice = journal.Updates[1].Groups[0].Group;
        var prepared = new UpdatePreparedEvent(new PolicyVersion(6), new LearnerEpoch(1), [twice]);
        Append(run, prepared);
        Append(run, new UpdateCommittedEvent(new PolicyVersion(7), new LearnerEpoch(1), HashLearner.Hash("")));
        Assert.Contains(JournalAudit.Check(RunJournal.Open(run)).Faults, fault => fault.Contains($"{twice}", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_group_that_does_not_leave_when_it_has_trained_often_enough_is_named(bool isKept)
    {
        string run = await FinishedRun.MakeAsync(_folder.In("run"));
        var journal = RunJournal.Open(run);
        GroupId id = journal.State.Next;
        (int policy, int expert) = (journal.Settings.Group.PolicyRollouts, journal.Settings.Group.ExpertRollouts);
        ImmutableArray<OriginCount> members = [new(Origin.Policy, policy, policy), new(Origin.Expert, expert, expert)];
        Append(run, new GroupAdmittedEvent(id, new PolicyVersion(6), new BlobRef(0, 0, 1, 1), members, []));
        Append(run, new UpdatePreparedEvent(new PolicyVersion(6), new LearnerEpoch(1), [id]) { Kept = isKept ? [id] : [] });
        IEnumerable<string> named = JournalAudit
            .Check(RunJournal.Open(run), payloads: false)
            .Faults.Where(fault => fault.Contains($"{id} ", StringComparison.Ordinal));
        Assert.Equal(isKept ? 1 : 0, named.Count());
    }

    [Fact]
    public async Task A_group_that_lacks_rollouts_is_named()
    {
        string run = await FinishedRun.MakeAsync(_folder.In("run"));
        GroupId lacking = RunJournal.Open(run).State.Decided.End;
        Assert.Empty(JournalAudit.Check(RunJournal.Open(run)).Faults);
        Append(run, new GroupRejectedEvent(lacking, GroupRejection.NoSignal, []));
        Assert.Contains(JournalAudit.Check(RunJournal.Open(run)).Faults, fault => fault.Contains($"{lacking}", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_payload_that_was_changed_is_named_and_is_not_looked_at_where_that_is_not_wanted()
    {
        string run = await FinishedRun.MakeAsync(_folder.In("run"));
        string segment = Directory.GetFiles(new RunDirectory(run).Payloads, "*.segment").Single();
        byte[] bytes = await File.ReadAllBytesAsync(segment);
        bytes[^20] ^= 4;
        await File.WriteAllBytesAsync(segment, bytes);
        JournalAccount account = JournalAudit.Check(RunJournal.Open(run));
        Assert.Contains(segment, Assert.Single(account.Faults), StringComparison.Ordinal);
        Assert.True(JournalAudit.Check(RunJournal.Open(run), payloads: false).Closes);
    }

    [Fact]
    public async Task The_snapshot_gives_the_ledger_that_its_events_gave()
    {
        string run = await FinishedRun.MakeAsync(_folder.In("run"));
        JournalAccount whole = JournalAudit.Check(RunJournal.Open(run));
        FinishedRun.Change(run, "DELETE FROM journal WHERE sequence_number <= (SELECT max(sequence_number) FROM snapshot)");
        JournalAccount rest = JournalAudit.Check(RunJournal.Open(run));
        Assert.Empty(rest.Faults);
        Assert.Equal(whole.Ledger.Rows(), rest.Ledger.Rows());
        Assert.Equal(whole.Ledger.TimesTrained, rest.Ledger.TimesTrained);
        Assert.Equal(whole.Starts.Sum(start => start.Admitted), rest.Starts.Sum(start => start.Admitted));
    }

    [Fact]
    public void A_directory_without_a_run_or_without_a_journal_is_named()
    {
        string none = _folder.In("none");
        Assert.Contains(none, Assert.Throws<DirectoryNotFoundException>(() => RunJournal.Open(none)).Message, StringComparison.Ordinal);
        var empty = new RunDirectory(_folder.Folder("empty"));
        Assert.Equal(empty.EffectiveConfiguration, Assert.Throws<FileNotFoundException>(() => RunJournal.Open(empty.Path)).FileName);
        File.WriteAllText(empty.EffectiveConfiguration, "icpo.run.updates = 3");
        Assert.Equal(empty.Journal, Assert.Throws<FileNotFoundException>(() => RunJournal.Open(empty.Path)).FileName);
        // Longer than the header of a database, so that it is read as one.
        File.WriteAllText(empty.Journal, new string('x', 200));
        Assert.Contains(empty.Journal, Assert.Throws<IOException>(() => RunJournal.Open(empty.Path)).Message, StringComparison.Ordinal);
    }

    public void Dispose() => _folder.Dispose();

    private static void Append(string run, IBufferEvent happened)
    {
        FinishedRun.Change(
            run,
            """
            INSERT INTO journal (created, deleted, persistence_id, sequence_number, message, manifest, identifier)
            SELECT 0, 0, persistence_id, max(sequence_number) + 1, @message, @manifest, identifier FROM journal
            """,
            ("@message", WireFormat.Write(happened)),
            ("@manifest", WireFormat.Manifest(happened))
        );
    }
}
