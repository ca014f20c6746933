using ICPO.Actors.HealthChecks;
using ICPO.Actors.Progress;
using ICPO.Actors.RunFiles.Directories;
using ICPO.Actors.Runs;

namespace ICPO.Actors.Tests.HealthChecks;

/// <summary>Since when nothing has ended in a run.</summary>
public sealed class FollowedRunTests
{
    [Fact]
    public async Task Updates_phases_and_evaluations_count_and_messages_do_not()
    {
        var time = new ManualTime();
        var run = new ScriptedRun();
        var followed = new FollowedRun(run, time);
        Task following = followed.FollowAsync();
        var progress = new RunProgress
        {
            Phase = RunPhase.Training,
            Update = 1,
            Updates = 9,
            Elapsed = TimeSpan.Zero,
        };

        await run.ReportAsync(progress);
        Assert.Equal((RunPhase.Training, TimeSpan.Zero), (followed.Read().Phase, followed.Read().Still));
        foreach (
            (RunProgress next, bool counts) in new[]
            {
                (progress with { Message = "a note" }, false),
                (progress with { Update = 2 }, true),
                (progress with { Update = 2, Elapsed = TimeSpan.FromHours(1) }, false),
                (progress with { Update = 2, AccuracyAt = 2 }, true),
                (progress with { Update = 2, AccuracyAt = 2, Phase = RunPhase.Stopping }, true),
            }
        )
        {
            TimeSpan before = followed.Read().Still;
            time.Advance(TimeSpan.FromMinutes(1));
            await run.ReportAsync(next);
            Assert.Equal(counts ? TimeSpan.Zero : before + TimeSpan.FromMinutes(1), followed.Read().Still);
        }

        Assert.True(followed.Read().IsActive);
        run.Fail("broken");
        await following;
        Assert.Equal((RunPhase.Failed, "broken"), (followed.Read().Phase, followed.Read().Error));
        Assert.False(followed.Read().IsActive);
    }

    [Fact]
    public async Task A_run_that_was_stopped_before_it_reported_anything_is_not_active()
    {
        var run = new ScriptedRun();
        var followed = new FollowedRun(run, new ManualTime());
        Task following = followed.FollowAsync();
        Assert.True(followed.Read().IsActive);
        run.End();
        await following;
        Assert.Equal(RunPhase.Stopped, followed.Read().Phase);
    }

    private sealed class ScriptedRun : IIcpoRun
    {
        private readonly TaskCompletionSource<RunSummary> _ended = new();
        private TaskCompletionSource<RunProgress?> _next = new();
        private TaskCompletionSource _taken = new();

        public string Directory => "run";

        public Task<RunSummary> Completion => _ended.Task;

        public string ModelDirectory => "model";

        public Task StopAsync(CancellationToken cancellationToken = default) => Task.CompletedTask;

        /// <summary>Returns when the listener asks for more.</summary>
        public async Task ReportAsync(RunProgress progress)
        {
            _taken = new();
            _next.SetResult(progress);
            await _taken.Task;
        }

        public void End()
        {
            _ended.SetResult(null!);
            _next.SetResult(null);
        }

        public void Fail(string reason)
        {
            _ended.SetException(new InvalidOperationException(reason));
            _next.SetResult(null);
        }

        public async IAsyncEnumerable<RunProgress> ProgressAsync(
            [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken = default
        )
        {
            while (await _next.Task is { } progress)
            {
                _next = new();
                yield return progress;
                _taken.SetResult();
            }
        }
    }
}
