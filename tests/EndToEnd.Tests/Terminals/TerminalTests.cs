using ICPO.Actors.RunFiles.Directories;

namespace EndToEnd.Tests.Terminals;

/// <summary>Whatever becomes of the terminal or the output, the run goes on; a hangup stops it cleanly unless it is ignored.</summary>
public sealed class TerminalTests : IDisposable
{
    private const string Begun = "Run directory";

    private static readonly string[] Short = new SmallRun(Staleness: 1, Updates: 4).Train("run");
    private static readonly string[] Long = new SmallRun(Staleness: 1, Updates: 100_000).Train("run");

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("exec \"$ICPO\" \"$@\" > /dev/full 2>&1", false)]
    [InlineData("exec \"$ICPO\" \"$@\" <&- >&- 2>&-", true)]
    [InlineData("{ \"$ICPO\" \"$@\"; echo $? > code; } | head -n 1; exit $(cat code)", true)]
    public async Task A_run_completes_although_its_output_cannot_be_written(string script, bool isLong)
    {
        Assert.SkipWhen(isLong && !LongTests.AreOn, "The other script does the same; set ICPO_LONG_TESTS=1 to run this one.");
        using var icpo = SampleProcess.StartScript(_folder.Path, script, Short);

        Assert.True(await icpo.ExitAsync() == 0, icpo.Output);
        ExpectEnded("completed");
    }

    [Fact]
    public async Task A_hangup_stops_a_run_with_a_checkpoint()
    {
        Assert.SkipWhen(IgnoredSignals.Contains(1), "this process and its child processes ignore SIGHUP");
        using var icpo = SampleProcess.StartScript(_folder.Path, "exec \"$ICPO\" \"$@\"", Long);
        await icpo.WaitForAsync(Begun);

        icpo.Signal("HUP");
        icpo.Signal("HUP");

        Assert.True(await icpo.ExitAsync() == 130, icpo.Output);
        ExpectEnded("stopped");
    }

    [Fact]
    public async Task A_hangup_under_nohup_stays_ignored_and_SIGTERM_stops_the_run()
    {
        using var icpo = SampleProcess.StartScript(_folder.Path, "exec nohup \"$ICPO\" \"$@\"", Long);
        await icpo.WaitForAsync(Begun);

        icpo.Signal("HUP");
        await icpo.WaitForAsync("training");
        icpo.Signal("TERM");

        Assert.True(await icpo.ExitAsync() == 130, icpo.Output);
        ExpectEnded("stopped");
    }

    [Fact]
    public async Task An_interrupt_that_a_shell_ignores_for_its_jobs_stays_ignored()
    {
        LongTests.Require();
        using var icpo = SampleProcess.StartScript(_folder.Path, "trap '' INT; exec \"$ICPO\" \"$@\"", Short);
        await icpo.WaitForAsync(Begun);

        icpo.Signal("INT");

        Assert.True(await icpo.ExitAsync() == 0, icpo.Output);
        ExpectEnded("completed");
    }

    [Fact]
    public async Task SIGQUIT_ends_the_process_as_it_ends_any_other()
    {
        Assert.SkipWhen(IgnoredSignals.Contains(3), "this process and its child processes ignore SIGQUIT");
        using var icpo = SampleProcess.StartScript(_folder.Path, "ulimit -c 0; exec \"$ICPO\" \"$@\"", Long);
        await icpo.WaitForAsync(Begun);

        icpo.Signal("QUIT");

        Assert.True(await icpo.ExitAsync() == 128 + 3, icpo.Output);
        Assert.False(File.Exists(new RunDirectory(_folder.In("run")).Summary));
    }

    [Theory]
    [InlineData("", "stopped")]
    [InlineData("trap '' HUP; ", "completed")]
    public async Task A_terminal_that_is_lost_stops_a_run_cleanly_or_does_not_matter(string before, string state)
    {
        Assert.SkipUnless(File.Exists("/usr/bin/script"), "the program script is not installed");
        Assert.SkipWhen(IgnoredSignals.Contains(1) && state == "stopped", "this process and its child processes ignore SIGHUP");
        string[] arguments = state == "completed" ? [.. Short, "--set", "run.updates=12"] : Long;

        // Descriptor 3 tells when icpo has ended: it is not a child of this process.
        string inner = $"{before}exec $ICPO {string.Join(' ', arguments)}";
        using var terminal = SampleProcess.StartScript(
            _folder.Path,
            "exec 3>&1; exec script --quiet --flush --return --command \"$1\" /dev/null",
            inner
        );
        await terminal.WaitForAsync(Begun);

        terminal.Signal("KILL");
        await terminal.ExitAsync();

        ExpectEnded(state);
    }

    private void ExpectEnded(string state)
    {
        RunSummary summary = RunSummaries.Read(new RunDirectory(_folder.In("run")))!;
        Assert.Equal((state, true), (summary.State, summary.LedgerCloses));
        Assert.True(File.Exists(Path.Combine(_folder.In("run"), summary.Model!, "model.safetensors")));
    }
}
