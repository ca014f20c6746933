using ICPO.Actors.RunFiles.Directories;
using ICPO.Actors.RunFiles.Journal;
using ICPO.Actors.Runs;
using ICPO.Actors.Tests.Fakes;

namespace ICPO.Actors.Tests.Journals;

/// <summary>Runs on a server that works.</summary>
public sealed class PostgresTests : PostgresRunTest
{
    [Fact]
    public async Task Runs_that_share_a_server_end_as_if_each_had_a_file_of_its_own()
    {
        string alone = await WeightsAsync(await StartAsync("alone"));
        IIcpoRun[] runs = await Task.WhenAll(
            StartAsync("first", ("journal.connection-string", Server.Uri)),
            StartAsync("second", ("journal.connection-string", Server.ConnectionString))
        );
        Assert.All(await Task.WhenAll(runs.Select(WeightsAsync)), weights => Assert.Equal(alone, weights));
        Assert.Equal(2, (await Server.QueryAsync("select distinct persistence_id from journal")).Length);
        Assert.False(File.Exists(new RunDirectory(Folder.In("first")).Journal));
    }

    [Fact]
    public async Task A_run_that_is_stopped_goes_on_from_the_server()
    {
        string alone = await WeightsAsync(await StartAsync("alone"));
        HeldUpdate held = new(at: 3);
        IIcpoRun run = await StartAsync("run", held.Backend, ("journal.connection-string", Server.Uri));
        await StopAsync(run, held);
        Assert.Equal("stopped", (await run.Completion).State);
        IIcpoRun again = await ResumeAsync();
        Assert.Equal(alone, await WeightsAsync(again));
    }

    [Fact]
    public async Task A_password_is_not_written_down_and_has_to_be_given_again()
    {
        const string Password = "ab3:@cd/9";
        await Server.QueryAsync($"create role careful superuser login password '{Password}'");
        await Server.DemandPasswordsAsync();
        string with = $"postgres://careful:{Uri.EscapeDataString(Password)}@127.0.0.1:{Server.Port}/postgres?Timeout=5";
        HeldUpdate held = new(at: 2);
        IIcpoRun run = await StartAsync("run", held.Backend, ("journal.connection-string", with));
        await StopAsync(run, held);
        foreach (string file in Directory.EnumerateFiles(Folder.In("run"), "*", SearchOption.AllDirectories))
        {
            string text = await File.ReadAllTextAsync(file);
            Assert.DoesNotContain(Password, text, StringComparison.Ordinal);
            Assert.DoesNotContain(Uri.EscapeDataString(Password), text, StringComparison.Ordinal);
        }

        IIcpoRun without = await ResumeAsync();
        string message = (await Assert.ThrowsAsync<RunFailedException>(() => without.Completion.WaitAsync(Far))).Message;
        Assert.Contains("PGPASSWORD", message, StringComparison.Ordinal);
        Assert.Contains(
            "PGPASSWORD",
            Assert.Throws<IOException>(() => RunJournal.Open(Folder.In("run"))).Message,
            StringComparison.Ordinal
        );
        IIcpoRun again = await ResumeAsync(("journal.connection-string", with));
        Assert.Equal("completed", (await again.Completion.WaitAsync(Far)).State);
    }

    [Fact]
    public async Task A_missing_database_and_a_run_id_in_use_fail_at_once()
    {
        IIcpoRun run = await StartAsync("wrong", ("journal.connection-string", Server.Uri.Replace("/postgres?", "/nowhere?")));
        Assert.Contains(
            "nowhere",
            (await Assert.ThrowsAsync<RunFailedException>(() => run.Completion.WaitAsync(Far))).Message,
            StringComparison.Ordinal
        );

        (string, string)[] named = [("journal.connection-string", Server.Uri), ("run.id", "mine")];
        Assert.Equal("completed", (await (await StartAsync("first", named)).Completion.WaitAsync(Far)).State);
        IIcpoRun taken = await StartAsync("second", named);
        Assert.Contains(
            "run.id",
            (await Assert.ThrowsAsync<RunFailedException>(() => taken.Completion.WaitAsync(Far))).Message,
            StringComparison.Ordinal
        );
    }
}
