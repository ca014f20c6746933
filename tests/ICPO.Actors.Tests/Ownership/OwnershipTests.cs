using ICPO.Actors.Ownership;

namespace ICPO.Actors.Tests.Ownership;

/// <summary>Who owns a run.</summary>
public sealed class OwnershipTests : PostgresTest
{
    private static OwnerClaim Claim(string node, bool isNew = false) => new("run", node, isNew);

    [Fact]
    public async Task Whoever_takes_a_run_fences_the_core_before_it_which_names_the_owner()
    {
        await using RunOwnership first = await TakeAsync("first", isNew: true);
        await first.BeatAsync(default);
        await using RunOwnership second = await TakeAsync("second");
        Assert.Equal((1, 2), (first.Epoch, second.Epoch));
        RunFencedException fenced = await Assert.ThrowsAsync<RunFencedException>(() => first.BeatAsync(default));
        Assert.Contains("second", fenced.Message, StringComparison.Ordinal);
        Assert.Equal(2, fenced.Epoch);
        await Assert.ThrowsAsync<RunFencedException>(() => first.HoldAsync(default));
        await second.BeatAsync(default);
    }

    [Fact]
    public async Task A_new_run_does_not_take_one_that_has_its_id()
    {
        await using RunOwnership first = await TakeAsync("first", isNew: true);
        Assert.Contains(
            "run.id",
            (await Assert.ThrowsAsync<IOException>(() => TakeAsync("second", isNew: true))).Message,
            StringComparison.Ordinal
        );
        await first.BeatAsync(default);

        // A run of an earlier version has events and no owner.
        await Server.QueryAsync("insert into journal (created, deleted, persistence_id, sequence_number, message) "
            + "select 0, false, 'trajectory-buffer-old', n, '' from generate_series(1, 7) n returning 1");
        await Assert.ThrowsAsync<IOException>(() => RunOwnership.TakeAsync(Database, new OwnerClaim("old", "x", IsNew: true), default));
        await using RunOwnership old = await RunOwnership.TakeAsync(Database, new OwnerClaim("old", "x", IsNew: false), default);
        Assert.Equal(8, old.Epoch);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_claim_whose_answer_was_lost_can_be_repeated(bool isNew)
    {
        OwnerClaim claim = Claim("node", isNew);
        await using RunOwnership lost = await RunOwnership.TakeAsync(Database, claim, default);
        await using RunOwnership repeated = await RunOwnership.TakeAsync(Database, claim, default);
        Assert.Equal(lost.Epoch, repeated.Epoch);
    }

    [Fact]
    public async Task A_core_that_deletes_events_keeps_the_run_until_it_is_done()
    {
        await using RunOwnership first = await TakeAsync("first");
        Task<RunOwnership> taking;
        await using (await first.HoldAsync(default))
        {
            taking = TakeAsync("second");
            while ((await Server.QueryAsync("select 1 from pg_stat_activity where wait_event_type = 'Lock'")).Length == 0)
            {
                Assert.False(taking.IsCompleted);
            }
        }

        await using RunOwnership second = await taking;
        Assert.Equal(first.Epoch + 1, second.Epoch);
    }

    [Fact]
    public async Task A_core_that_was_killed_while_it_held_the_run_does_not_make_the_next_one_wait()
    {
        // Ended as the system ends the connections of a process that is killed: without a word.
        await using RunOwnership killed = await TakeAsync("killed");
        await using IAsyncDisposable hold = await killed.HoldAsync(default);
        await Server.QueryAsync("select pg_terminate_backend(pid) from pg_stat_activity where state = 'idle in transaction'");
        await using RunOwnership next = await TakeAsync("next");
        Assert.Equal(killed.Epoch + 1, next.Epoch);
    }

    private Task<RunOwnership> TakeAsync(string node, bool isNew = false) => RunOwnership.TakeAsync(Database, Claim(node, isNew), default);
}
