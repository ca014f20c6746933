using Akka.Actor;
using ICPO.Actors.Buffering;
using ICPO.Actors.Contracts.Buffering;
using ICPO.Actors.Contracts.Groups;
using ICPO.Actors.Faults;
using ICPO.Actors.Ownership;
using ICPO.Actors.RunFiles.Directories;
using ICPO.Actors.RunFiles.Restoring;
using ICPO.Actors.Runs;
using ICPO.Actors.Tests.Buffering;
using ICPO.Actors.Tests.Fakes;
using ICPO.Actors.Tests.Journals;
using Microsoft.Extensions.DependencyInjection;

namespace ICPO.Actors.Tests.Ownership;

/// <summary>Runs that another core takes, and runs that take one.</summary>
public sealed class FencedRunTests : PostgresRunTest
{
    private (string, string) Journal => ("journal.connection-string", Server.Uri);

    [Fact]
    public async Task A_run_that_another_core_has_taken_ends_and_says_so_and_the_other_one_completes_it()
    {
        string alone = await WeightsAsync(await StartAsync("alone"));
        HeldUpdate held = new(at: 2);
        IIcpoRun old = await StartAsync("old", held.Backend, Journal, ("run.id", "mine"));
        await held.Reached.WaitAsync(Far);
        RunDirectory directory = await RunRestore.FromDatabaseAsync(Server.Uri, "mine", Folder.In("run"));
        Copy(new RunDirectory(Folder.In("old")).Checkpoints, directory.Checkpoints);
        Assert.Equal(alone, await WeightsAsync(await ResumeAsync()));

        // It hears of it by a heartbeat while its learner computes.
        RunFailedException ended = await Assert.ThrowsAsync<RunFailedException>(() => old.Completion.WaitAsync(Far));
        Assert.Equal(2, Assert.IsType<RunFencedException>(ended.InnerException).Epoch);
        Assert.Contains(OwnerClaim.ThisProcess, ended.Message, StringComparison.Ordinal);
        held.Release();
    }

    [Fact]
    public async Task A_journal_that_the_previous_core_writes_to_until_the_last_moment_is_read_again()
    {
        HeldUpdate held = new(at: 2);
        IIcpoRun run = await StartAsync("run", held.Backend, Journal, ("run.id", "mine"));
        await StopAsync(run, held);
        var settings = new BufferSettings(Durable: false, HardStalenessBound: null, SnapshotEvery: 100) { RunId = "mine" };
        using var old = new JournalledBuffer(Folder, settings, connection: Server.ConnectionString, owner: "old");
        long rejected = old.Recovered.Next.Value;
        var faults = FaultPoints.Parse(FaultPoints.JournalRead, () => Elsewhere.Run(() =>
            {
                old.Actor.Tell(new RejectGroup(Make.Spec(rejected), GroupRejection.NoSignal, []));
                return old.Dispatcher.ExpectMsg<GroupRejected>();
            }));
        IIcpoRun again = await Services(Settings(), new HashBackend(), services => services.AddSingleton(faults))
            .GetRequiredService<IIcpoRuns>()
            .ResumeAsync(Folder.In("run"));
        Assert.Equal("completed", (await again.Completion.WaitAsync(Far)).State);
        old.Actor.Tell(new RejectGroup(Make.Spec(rejected + 1000), GroupRejection.NoSignal, []));
        Assert.True(old.Parent.ExpectMsg<JournalFailed>().IsOvertaken);
    }

    [Fact]
    public async Task A_run_goes_on_with_nothing_of_its_directory_but_checkpoints()
    {
        string alone = await WeightsAsync(await StartAsync("alone", ("evaluation.at-start", "true")));
        HeldUpdate held = new(at: 3);
        IIcpoRun run = await StartAsync("old", held.Backend, Journal, ("run.id", "mine"), ("evaluation.at-start", "true"));
        await StopAsync(run, held);
        double? before = (await run.Completion).AccuracyBefore;
        var old = new RunDirectory(Folder.In("old"));
        Assert.Empty(Directory.EnumerateFiles(old.Payloads));
        (string[] metrics, string[] events) = (File.ReadAllLines(old.Metrics), File.ReadAllLines(old.Events));
        (string configuration, string inputs) = (File.ReadAllText(old.EffectiveConfiguration), File.ReadAllText(old.Inputs));
        Directory.Move(old.Path, Folder.In("lost"));

        RunDirectory directory = await RunRestore.FromDatabaseAsync(Server.Uri, "mine", Folder.In("run"));
        Assert.Equal(metrics, File.ReadAllLines(directory.Metrics));
        Assert.Equal(events, File.ReadAllLines(directory.Events));
        Assert.Equal((configuration, inputs), (File.ReadAllText(directory.EffectiveConfiguration), File.ReadAllText(directory.Inputs)));
        Copy(new RunDirectory(Folder.In("lost")).Checkpoints, directory.Checkpoints);
        IIcpoRun again = await ResumeAsync();
        Assert.Equal(alone, await WeightsAsync(again));
        Assert.Equal(before, (await again.Completion).AccuracyBefore);
        Assert.Equal([1, 2, 3, 4, 5, 6], Updates(directory.Path).Distinct());
    }

    [Fact]
    public async Task A_run_whose_payloads_are_files_goes_on_with_files_and_cannot_be_restored()
    {
        string alone = await WeightsAsync(await StartAsync("alone"));
        HeldUpdate held = new(at: 3);
        IIcpoRun run = await StartAsync("run", held.Backend, Journal, ("run.id", "mine"), ("journal.payloads", "files"));
        await StopAsync(run, held);

        // As an earlier version left it: without the key and without the tables.
        var directory = new RunDirectory(Folder.In("run"));
        string[] lines = File.ReadAllLines(directory.EffectiveConfiguration);
        File.WriteAllLines(directory.EffectiveConfiguration, lines.Where(line => !line.Contains("payloads", StringComparison.Ordinal)));
        await Server.QueryAsync("drop table run_owner, run_note, payload");
        Assert.Equal(alone, await WeightsAsync(await ResumeAsync()));
        Assert.NotEmpty(Directory.EnumerateFiles(directory.Payloads, "*.segment"));
        IOException error = await Assert.ThrowsAsync<IOException>(() => RunRestore.FromDatabaseAsync(Server.Uri, "mine", Folder.In("x")));
        Assert.Contains("journal.payloads", error.Message, StringComparison.Ordinal);
        Assert.False(Path.Exists(Folder.In("x")));
        await Assert.ThrowsAsync<IOException>(() => RunRestore.FromDatabaseAsync(Server.Uri, "nobody", Folder.In("x")));
    }

    [Fact]
    public async Task A_role_that_lacks_a_right_is_told_which()
    {
        string limited = Server.ConnectionString.Replace("Username=nobody", "Username=limited", StringComparison.Ordinal);
        await Server.QueryAsync("create role limited login; revoke create on schema public from public");
        Assert.Contains("deploy/sql/postgres.sql", await RefusedAsync("tables"), StringComparison.Ordinal);

        Assert.Equal("completed", (await (await StartAsync("first", Journal)).Completion.WaitAsync(Far)).State);
        await Server.QueryAsync("grant select, insert, update, delete on all tables in schema public to limited");
        foreach (
            (string table, string right) in (ValueTuple<string, string>[])
                [("run_owner", "UPDATE"), ("run_note", "INSERT"), ("payload", "INSERT"), ("journal", "SELECT")]
        )
        {
            await Server.QueryAsync($"revoke {right} on {table} from limited");
            string message = await RefusedAsync(table);
            Assert.Contains("limited", message, StringComparison.Ordinal);
            Assert.Contains($"{right} on {table};", message, StringComparison.Ordinal);
            await Server.QueryAsync($"grant {right} on {table} to limited");
        }

        async Task<string> RefusedAsync(string name)
        {
            IIcpoRun run = await StartAsync(name, ("journal.connection-string", limited));
            return (await Assert.ThrowsAsync<RunFailedException>(() => run.Completion.WaitAsync(Far))).Message;
        }
    }

    private static void Copy(string from, string to)
    {
        foreach (string file in Directory.EnumerateFiles(from, "*", SearchOption.AllDirectories))
        {
            string target = Path.Combine(to, Path.GetRelativePath(from, file));
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            File.Copy(file, target);
        }
    }
}
