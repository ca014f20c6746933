using System.Diagnostics;
using ICPO.Actors.Contracts.Rollouts;
using ICPO.Actors.Contracts.Tasks;
using ICPO.Actors.Tasks;
using ICPO.Actors.Tasks.Processes;
using ICPO.Actors.Verification.Workers;

namespace EndToEnd.Tests;

/// <summary>Worker processes of the executable, with inputs that never finish or allocate too much, and workers that are killed.</summary>
public sealed class VerifierPoolTests
{
    /// <summary>Backtracks practically forever.</summary>
    private const string Loop = "^(a+)+$";

    private static readonly string Looped = new string('a', 60) + "!";

    [Fact]
    public async Task A_case_that_never_finishes_is_TimedOut_and_the_others_get_their_verdicts()
    {
        await using VerifierPool pool = Pool(p => p with { Timeout = TimeSpan.FromSeconds(2), Workers = 1 });
        Task<Judgment>[] cases =
        [
            .. Enumerable.Range(0, 40).Select(i => i % 20 == 7 ? JudgeAsync(pool, Loop, Looped) : JudgeAsync(pool, "^[0-9]+$", $"{i}")),
        ];
        Judgment[] judgments = await Task.WhenAll(cases);
        Assert.All(judgments.Index(), j =>
            Assert.Equal(j.Index % 20 == 7 ? (Verdict.TimedOut, null) : (Verdict.Correct, 1.0), (j.Item.Verdict, j.Item.Reward))
        );
        Assert.Equal(2, pool.Replaced);
    }

    [Fact]
    public async Task A_case_that_takes_too_much_memory_is_Crashed_and_the_others_get_their_verdicts()
    {
        // The regular expression stores every capture: at least 8 bytes for each of 20 million letters.
        await using VerifierPool pool = Pool(p => p with { Memory = 200, Workers = 1 });
        Task<Judgment>[] cases =
        [
            JudgeAsync(pool, "a", "a"),
            JudgeAsync(pool, "^(?:(a))*$", new string('a', 20_000_000)),
            JudgeAsync(pool, "b", "abc"),
            JudgeAsync(pool, "c", "ab"),
        ];
        Judgment[] judgments = await Task.WhenAll(cases);
        Assert.Equal([Verdict.Correct, Verdict.Crashed, Verdict.Correct, Verdict.Wrong], judgments.Select(j => j.Verdict));
        Assert.Null(judgments[1].Reward);
        Assert.Contains("200 MB", judgments[1].Detail);
    }

    [Fact]
    public async Task Killed_workers_are_replaced_and_their_cases_repeated()
    {
        await using VerifierPool pool = Pool(p => p with { Workers = 2 });
        await Task.WhenAll(Enumerable.Range(0, 100).Select(i => JudgeAsync(pool, "x", "x")));
        int[] first = [.. pool.ProcessIds];
        Assert.NotEmpty(first);
        Array.ForEach(first, Kill);
        Judgment[] after = await Task.WhenAll(Enumerable.Range(0, 100).Select(i => JudgeAsync(pool, $"^{i}$", $"{i}")));
        Assert.All(after, j => Assert.Equal(Verdict.Correct, j.Verdict));
        Assert.DoesNotContain(pool.ProcessIds, first.Contains);
    }

    [Fact]
    public async Task A_case_whose_worker_is_killed_twice_is_Crashed()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "The limit that the system kills a worker at is set by a shell.");

        // The system kills a worker that has computed for two seconds, which is more than its start takes.
        await using VerifierPool pool = Pool(p =>
            p with
            {
                Workers = 1,
                Timeout = TimeSpan.FromMinutes(2),
                Executable = new("/bin/sh", ["-c", "ulimit -t 2 && exec \"$0\" \"$@\"", p.Executable.FileName, .. p.Executable.Arguments]),
            }
        );
        Task<Judgment> looping = JudgeAsync(pool, Loop, Looped);
        Task<Judgment> next = JudgeAsync(pool, "y", "y");
        Judgment crashed = await looping;
        Assert.Equal((Verdict.Crashed, null), (crashed.Verdict, crashed.Reward));
        Assert.NotNull(crashed.Detail);
        Assert.Equal(Verdict.Correct, (await next).Verdict);
        Assert.Equal(2, pool.Replaced);
    }

    [Fact]
    public async Task Workers_that_never_start_make_the_verifier_unavailable()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "The worker that does not start is a shell command.");
        await using VerifierPool pool = Pool(p => p with { Executable = new("/bin/sh", ["-c", "echo no such runtime >&2; exit 9"]) });
        VerifierUnavailableException ended = await Assert.ThrowsAsync<VerifierUnavailableException>(() => JudgeAsync(pool, "x", "x"));
        Assert.Matches(@"\b9\b", ended.Message);
        Assert.Contains("no such runtime", ended.Message);
        Assert.Contains("verification.isolation = thread", ended.Message);
        await Assert.ThrowsAsync<VerifierUnavailableException>(() => JudgeAsync(pool, "x", "x"));
    }

    [Fact]
    public async Task A_pool_that_is_disposed_leaves_no_process()
    {
        VerifierPool pool = Pool(p => p with { Timeout = TimeSpan.FromMinutes(2), Workers = 2 });
        await JudgeAsync(pool, "x", "x");
        Task<Judgment> looping = JudgeAsync(pool, Loop, Looped);
        int[] workers = [.. pool.ProcessIds];
        await pool.DisposeAsync();
        await Assert.ThrowsAnyAsync<Exception>(() => looping);
        Assert.NotEmpty(workers);
        Assert.All(workers, id => Assert.False(Directory.Exists($"/proc/{id}")));
    }

    [Fact]
    public async Task Workers_end_when_their_owner_is_killed_even_in_the_middle_of_a_case()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "The worker is found in /proc.");
        using var directory = new TemporaryFolder();
        string cases = directory.Write(
            "cases.jsonl",
            $$"""
            {"gold": "x", "prediction": "x"}
            {"gold": "{{Loop}}", "prediction": "{{Looped}}"}
            """
        );
        using Process owner = IcpoProcess.Start(
            "verify",
            cases,
            "--verifier",
            "regex",
            "--workers",
            "1",
            "--set",
            "verification.timeout=10m",
            "--set",
            "verification.regex.match-timeout=1h"
        );
        using var deadline = new CancellationTokenSource(TimeSpan.FromMinutes(2));
        Process worker;
        try
        {
            // With the first verdict the worker goes on to the second case.
            Assert.Contains("correct", await owner.StandardOutput.ReadLineAsync(deadline.Token));
            worker = Process.GetProcessById(Assert.Single(ChildProcesses.Of(owner.Id)));
        }
        finally
        {
            owner.Kill();
        }

        await worker.WaitForExitAsync(deadline.Token);
        worker.Dispose();
    }

    [Fact]
    public async Task Every_verifier_judges_in_a_worker_as_it_does_here()
    {
        foreach (string name in VerifierRegistry.Names.Where(name => !VerifierRegistry.IsExternal(name, new())))
        {
            await using VerifierPool pool = Pool(p => p with { Verifier = name, Workers = 1 });
            foreach (
                (string gold, string response) in new[]
                {
                    ("7", "The answer is 7."),
                    ("B", "\\boxed{B}"),
                    ("Aa2413;", "Aa2413;"),
                    ("\ud83d\ude00é", "\ud83d\ude00é"),
                    ("x^2", "nothing"),
                }
            )
            {
                Assert.Equal(await JudgeAsync(VerifierRegistry.Create(name), gold, response), await JudgeAsync(pool, gold, response));
            }
        }
    }

    private static VerifierPool Pool(Func<VerifierPoolSettings, VerifierPoolSettings> change) =>
        new(
            change(
                new()
                {
                    Verifier = "regex",
                    Settings = new() { Regex = new() { MatchTimeout = TimeSpan.FromHours(1) } },
                    Executable = WorkerExecutable.Find() ?? throw new FileNotFoundException("icpo is not beside the tests"),
                    Timeout = TimeSpan.FromMinutes(1),
                }
            )
        );

    private static Task<Judgment> JudgeAsync(IVerifier verifier, string gold, string response) =>
        verifier
            .VerifyAsync(
                new()
                {
                    Id = "q",
                    Text = "?",
                    Answer = gold,
                },
                response,
                FinishReason.Stop,
                TestContext.Current.CancellationToken
            )
            .AsTask();

    private static void Kill(int id)
    {
        using var process = Process.GetProcessById(id);
        process.Kill();
    }
}
