using ICPO.Actors.Cluster.Election;
using ICPO.Actors.RunFiles.Journal;

namespace ICPO.Actors.Cluster.Tests.Election;

/// <summary>Candidates for the core of a run, on a real server.</summary>
public sealed class CoreElectionTests : IAsyncLifetime
{
    private static readonly TimeSpan Lease = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(30);
    private readonly List<CoreElection> _all = [];
    private PostgresServer? _server;

    public async ValueTask InitializeAsync()
    {
        if (PostgresServer.Missing is { } missing)
        {
            Assert.Skip(missing);
        }

        _server = await PostgresServer.StartAsync();
        Table().Create();
    }

    public async ValueTask DisposeAsync()
    {
        foreach (CoreElection election in _all)
        {
            election.Dispose();
        }

        if (_server is not null)
        {
            await _server.DisposeAsync();
        }
    }

    [Fact]
    public async Task Of_several_candidates_one_is_elected_and_when_it_dies_another_one()
    {
        CoreElection[] candidates = [.. Enumerable.Range(0, 3).Select(index => Candidate($"{index}"))];
        Task<LeaseRow?> first = await Task.WhenAny(candidates.Select(candidate => candidate.Elected)).WaitAsync(Deadline);
        Assert.Null(await first);
        Assert.Single(candidates, candidate => candidate.Elected.IsCompleted);

        // Disposing stops the renewals and gives nothing back, as the death of the process does.
        CoreElection dead = candidates.Single(candidate => candidate.Elected.IsCompleted);
        dead.Dispose();
        CoreElection[] left = [.. candidates.Except([dead])];
        Task<LeaseRow?> second = await Task.WhenAny(left.Select(candidate => candidate.Elected)).WaitAsync(Deadline);
        Assert.Equal($"{Array.IndexOf(candidates, dead)}", (await second)!.Holder.Node);
        Assert.Single(left, candidate => candidate.Elected.IsCompleted);
    }

    [Fact]
    public void A_server_that_is_down_at_the_start_is_named()
    {
        var down = new JournalDatabase(true, PostgresServer.Through(FreePorts.Take(1)[0]), "normal", Deadline);
        IOException error = Assert.Throws<IOException>(() => CoreLeaseTable.ReadAtStart(down, "run"));
        Assert.Contains(down.Description, error.Message);
    }

    [Fact]
    public async Task A_holder_whose_lease_another_process_has_taken_hears_of_it()
    {
        var replaced = new TaskCompletionSource<string>();
        await Candidate("a", replaced: replaced.SetResult).Elected.WaitAsync(Deadline);
        await _server!.QueryAsync("UPDATE core_lease SET token = 'other', node = 'another node'");
        Assert.Contains("another node", await replaced.Task.WaitAsync(Deadline));
    }

    [Fact]
    public async Task A_holder_that_cannot_read_who_has_taken_its_lease_hears_of_it_when_it_can()
    {
        var replaced = new TaskCompletionSource<string>();
        await Candidate("a", replaced: replaced.SetResult).Elected.WaitAsync(Deadline);
        string failures = await FailuresAsync();

        // Renewing works without this column, reading does not.
        await _server!.QueryAsync(
            "ALTER TABLE core_lease RENAME state TO hidden; UPDATE core_lease SET token = 'other', node = 'another node'"
        );
        while (await FailuresAsync() == failures)
        {
            Assert.False(replaced.Task.IsCompleted);
        }

        await _server.QueryAsync("ALTER TABLE core_lease RENAME hidden TO state");
        Assert.Contains("another node", await replaced.Task.WaitAsync(Deadline));
    }

    [Fact]
    public async Task A_holder_measures_the_time_between_its_renewals_and_a_candidate_none()
    {
        CoreElection holder = Candidate("a");
        await holder.Elected.WaitAsync(Deadline);
        CoreElection other = Candidate("b");
        long begun = TimeProvider.System.GetTimestamp();
        while (holder.LongestGap == TimeSpan.Zero)
        {
            Assert.True(TimeProvider.System.GetElapsedTime(begun) < Deadline);
            await Task.Yield();
        }

        // It renews its lease four times in the time that it is valid.
        Assert.True(holder.LongestGap > Lease / 8, $"{holder.LongestGap}");
        Assert.Equal(TimeSpan.Zero, other.LongestGap);
    }

    [Fact]
    public async Task A_candidate_without_what_the_run_can_go_back_to_waits()
    {
        CoreElection behind = Candidate("behind", canGoOn: false);
        await Candidate("ready").Elected.WaitAsync(Deadline);
        Assert.False(behind.Elected.IsCompleted);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task The_end_of_the_run_is_told_to_the_others(bool resumes)
    {
        CoreElection core = Candidate("core");
        await core.Elected.WaitAsync(Deadline);
        CoreElection standby = Candidate("standby", resumes: resumes);
        while (standby.Last is null)
        {
            await Task.Yield();
        }

        core.End(LeaseState.Completed);
        RunEndedElsewhereException ended = await Assert.ThrowsAsync<RunEndedElsewhereException>(() => standby.Elected.WaitAsync(Deadline));
        Assert.Equal(LeaseState.Completed, ended.State);
    }

    [Fact]
    public async Task A_server_that_is_killed_and_started_again_costs_no_holder_its_lease()
    {
        var replaced = new TaskCompletionSource<string>();
        CoreElection core = Candidate("core", replaced: replaced.SetResult);
        await core.Elected.WaitAsync(Deadline);
        CoreElection standby = Candidate("standby");
        await _server!.KillAsync();
        await _server.UpAsync();
        string[] before = await _server.QueryAsync("SELECT valid_until FROM core_lease");
        while ((await _server.QueryAsync("SELECT valid_until FROM core_lease"))[0] == before[0])
        {
            Assert.False(replaced.Task.IsCompleted);
        }

        Assert.False(standby.Elected.IsCompleted);
        core.End(null);
        Assert.Equal("core", (await standby.Elected.WaitAsync(Deadline))!.Holder.Node);
    }

    /// <summary>How many transactions have failed.</summary>
    private async Task<string> FailuresAsync() =>
        (await _server!.QueryAsync("SELECT xact_rollback FROM pg_stat_database WHERE datname = current_database()"))[0];

    private CoreLeaseTable Table() => new(_server!.ConnectionString, "run");

    private CoreElection Candidate(string name, bool canGoOn = true, bool resumes = false, Action<string>? replaced = null)
    {
        var election = new CoreElection(
            Table(),
            new ElectionParts
            {
                Token = name,
                LeaseTime = Lease,
                Holder = () => new LeaseHolder(name, name, "", "", 0),
                CanGoOn = _ => canGoOn,
                ResumesEnded = resumes,
                Replaced = replaced ?? (_ => { }),
            }
        );
        election.Start();
        _all.Add(election);
        return election;
    }
}
