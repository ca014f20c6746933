using System.Text.Json;
using System.Text.RegularExpressions;
using ICPO.Actors.RunFiles.Directories;

namespace ICPO.Actors.Tests.Runs;

public sealed class RunLockTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly ManualTime _time = new();

    private RunDirectory Run => new(_folder.Path);

    [Fact]
    public void A_run_that_is_taken_is_refused_with_the_owners_host_and_process_until_it_is_let_go()
    {
        var first = RunLock.Take(Run, _time);
        Assert.Null(first.Note);
        _time.Advance(TimeSpan.FromDays(1));
        IOException refused = Assert.Throws<IOException>(() => RunLock.Take(Run, _time));
        Assert.StartsWith(_folder.Path, refused.Message, StringComparison.Ordinal);
        Assert.Matches($@"\b{Environment.ProcessId}\b.*{Regex.Escape(Environment.MachineName)}", refused.Message);
        first.Renew();
        first.Dispose();
        first.Dispose();
        Assert.Null(RunLock.Owner(Run));
        using var second = RunLock.Take(Run, _time);
        Assert.Null(second.Note);
    }

    [Fact]
    public void The_lock_of_a_dead_process_of_this_machine_is_taken_over_at_once_with_a_note()
    {
        Leave(Environment.MachineName, age: TimeSpan.Zero);
        using var taken = RunLock.Take(Run, _time);
        Assert.Matches($@"\b7\b.*{Regex.Escape(Environment.MachineName)}", taken.Note);
        Assert.Equal(Environment.ProcessId, RunLock.Owner(Run)!.Process);
    }

    [Fact]
    public void Another_machines_lock_holds_as_long_as_its_lease()
    {
        Leave("elsewhere", age: RunLock.Lease - TimeSpan.FromSeconds(1));
        Assert.Matches(@"\b7\b.*elsewhere", Assert.Throws<IOException>(() => RunLock.Take(Run, _time)).Message);
        _time.Advance(TimeSpan.FromSeconds(2));
        using var taken = RunLock.Take(Run, _time);
        Assert.Contains("elsewhere", taken.Note, StringComparison.Ordinal);
    }

    [Fact]
    public void An_owner_whose_lock_was_taken_over_gets_an_error_at_its_next_renewal_and_leaves_the_new_lock()
    {
        var first = RunLock.Take(Run, _time);
        Leave("elsewhere", age: TimeSpan.Zero);
        Assert.Matches(@"\b7\b.*elsewhere", Assert.Throws<IOException>(() => first.Renew()).Message);
        first.Dispose();
        Assert.Equal("elsewhere", RunLock.Owner(Run)!.Host);
    }

    [Fact]
    public void Containers_that_share_a_host_name_are_told_apart_by_the_boot_of_their_machines()
    {
        Leave(Environment.MachineName, age: TimeSpan.Zero, boot: "another machine's boot");
        if (File.Exists("/proc/sys/kernel/random/boot_id"))
        {
            Assert.Throws<IOException>(() => RunLock.Take(Run, _time));
            Leave("a container beside this one", age: TimeSpan.Zero, boot: File.ReadAllText("/proc/sys/kernel/random/boot_id").Trim());
        }

        using var taken = RunLock.Take(Run, _time);
        Assert.NotNull(taken.Note);
    }

    [Fact]
    public void A_renewal_that_fails_is_tolerated_until_others_may_soon_take_over()
    {
        using var held = RunLock.Take(Run, _time);
        File.Delete(Run.Owner);
        Directory.CreateDirectory(Run.Owner);
        for (int failure = 0; failure < 3; failure++)
        {
            _time.Advance(RunLock.Interval);
            Assert.NotNull(held.Renew());
        }

        Directory.Delete(Run.Owner);
        Assert.Null(held.Renew());
        File.Delete(Run.Owner);
        Directory.CreateDirectory(Run.Owner);
        _time.Advance(RunLock.Lease);
        Assert.Throws<IOException>(() => held.Renew());
        Directory.Delete(Run.Owner);
    }

    [Fact]
    public void A_sign_of_life_renews_the_lease()
    {
        using var held = RunLock.Take(Run, _time);
        DateTimeOffset since = _time.GetUtcNow();
        _time.Advance(RunLock.Lease);
        held.Renew();
        Assert.Equal((since, _time.GetUtcNow()), RunLock.Owner(Run) is { } owner ? (owner.Since, owner.Seen) : default);
    }

    public void Dispose() => _folder.Dispose();

    private void Leave(string host, TimeSpan age, string? boot = null)
    {
        DateTimeOffset seen = _time.GetUtcNow() - age;
        File.WriteAllText(
            Run.Owner,
            JsonSerializer.Serialize(
                new
                {
                    host,
                    process = 7,
                    token = "another",
                    since = seen,
                    seen,
                    boot,
                }
            )
        );
    }
}
