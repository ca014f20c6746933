using ICPO.Actors.RunFiles;
using ICPO.Actors.RunFiles.Audit;
using ICPO.Actors.RunFiles.Journal;
using ICPO.Actors.RunFiles.Pruning;
using ICPO.Actors.Tests.Journals;

namespace ICPO.Actors.Tests.Ownership;

/// <summary>What reads and prunes runs, where payloads are on a server.</summary>
public sealed class DatabaseRunFilesTests : PostgresRunTest
{
    [Fact]
    public async Task Payloads_on_a_server_are_audited_and_pruned()
    {
        await WeightsAsync(await StartAsync("run", ("journal.connection-string", Server.Uri)));
        JournalAccount account = JournalAudit.Check(RunJournal.Open(Folder.In("run")));
        Assert.Empty(account.Faults);
        Assert.True(account.PayloadsRead > 0);

        RunEntry run = Assert.Single(RunCatalog.Read(Folder.In("run"), TimeProvider.System));
        var scope = new PruneScope(Payloads: true);
        Assert.DoesNotContain(RunPruner.Find(run, scope), item => item.IsInDatabase);
        await Server.QueryAsync("update run_owner set seen = now() - interval '2 minutes'");
        Assert.True(Assert.Single(RunPruner.Find(run, scope), item => item.IsInDatabase).Bytes > 0);
        RunPruner.Delete(run, RunPruner.Find(run, scope), TimeProvider.System);
        Assert.Equal(["0"], await Server.QueryAsync("select count(*) from payload"));
        Assert.DoesNotContain(RunPruner.Find(run, scope), item => item.IsInDatabase);
    }

    [Fact]
    public async Task Payloads_that_no_kept_checkpoint_needs_are_deleted_on_the_server()
    {
        (string, string)[] settings = [("journal.connection-string", Server.Uri), ("journal.keep", "checkpoint"), ("checkpoint.keep", "1")];
        string alone = await WeightsAsync(await StartAsync("alone"));
        Assert.Equal(alone, await WeightsAsync(await StartAsync("run", settings)));
        long left = long.Parse((await Server.QueryAsync("select count(*) from payload"))[0], null);
        Assert.InRange(left, 0, 8);
        var journal = RunJournal.Open(Folder.In("run"));
        Assert.Empty(JournalAudit.Check(journal).Faults);
    }
}
