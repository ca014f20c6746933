using System.Text.Json;
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
        Assert.Contains(
            $"{_folder.Path} is in use by process {Environment.ProcessId} on {Environment.MachineName}",
            refused.Message,
            StringComparison.Ordinal
        );
        first.Renew();
        first.Dispose();
        first.Dispose();
        Assert.Null(RunLock.Owner(Run));
        using var second = RunLock.Take(Run, _time);
        Assert.Null(second.Note);
    }

    [Fact]
    public void What_a_dead_process_of_this_machine_left_is_taken_over_at_once_and_told()
    {
        Leave(Environment.MachineName, age: TimeSpan.Zero);
        using var taken = RunLock.Take(Run, _time);
        Assert.StartsWith($"The lock of process 7 on {Environment.MachineName}", taken.Note, StringComparison.Ordinal);
        Assert.Equal(Environment.ProcessId, RunLock.Owner(Run)!.Process);
    }

    [Fact]
    public void Another_machines_lock_holds_as_long_as_its_lease()
    {
        Leave("elsewhere", age: RunLock.Lease - TimeSpan.FromSeconds(1));
        Assert.Contains(
            "process 7 on elsewhere",
            Assert.Throws<IOException>(() => RunLock.Take(Run, _time)).Message,
            StringComparison.Ordinal
        );
        _time.Advance(TimeSpan.FromSeconds(2));
        using var taken = RunLock.Take(Run, _time);
        Assert.Contains("elsewhere", taken.Note, StringComparison.Ordinal);
    }

    [Fact]
    public void An_owner_that_was_taken_over_is_told_at_its_next_sign_of_life_and_leaves_the_takers_alone()
    {
        var first = RunLock.Take(Run, _time);
        Leave("elsewhere", age: TimeSpan.Zero);
        Assert.Contains(
            "was taken over by process 7 on elsewhere",
            Assert.Throws<IOException>(() => first.Renew()).Message,
            StringComparison.Ordinal
        );
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
