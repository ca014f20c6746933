using ICPO.Actors.Ownership;

namespace ICPO.Actors.Tests.Ownership;

/// <summary>Who owns a run.</summary>
public sealed class OwnershipTests(JournalServer journal) : PostgresTest(journal)
{
    /// <summary>Each test has a run of its own.</summary>
    private readonly string _run = $"{Guid.NewGuid():n}";

    private OwnerClaim Claim(string node, bool isNew = false) => new(_run, node, isNew);

    [Fact]
    public async Task Whoever_takes_a_run_fences_the_core_before_it_which_names_the_owner()
    {
        await using RunOwnership first = await TakeAsync("first", isNew: true);
        await first.CheckAsync(default);
        await using RunOwnership second = await TakeAsync("second");
        Assert.Equal((1, 2), (first.Epoch, second.Epoch));
        RunFencedException fenced = await Assert.ThrowsAsync<RunFencedException>(() => first.CheckAsync(default));
        Assert.Contains("second", fenced.Message, StringComparison.Ordinal);
        Assert.Equal(2, fenced.Epoch);
        await second.CheckAsync(default);
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
        await first.CheckAsync(default);

        // A run of an earlier version has events and no owner.
        await Server.QueryAsync(
            "insert into journal (created, deleted, persistence_id, sequence_number, message) "
                + "select 0, false, 'trajectory-buffer-old', n, '' from generate_series(1, 7) n"
        );
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

    private Task<RunOwnership> TakeAsync(string node, bool isNew = false) => RunOwnership.TakeAsync(Database, Claim(node, isNew), default);
}
