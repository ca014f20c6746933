using ICPO.Actors.RunFiles.Directories;
using ICPO.Actors.Runs;
using ICPO.Actors.Tests.Journals;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace ICPO.Actors.Tests.Hosting;

public sealed class FailedStartTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_start_that_fails_half_way_leaves_nothing_open_and_the_run_can_be_resumed()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Open files are listed in /proc.");
        var loggers = new RefusingLoggers { Refuses = true };
        await using ServiceProvider services = FinishedRun
            .Add(
                new ServiceCollection().AddSingleton<ILoggerFactory>(loggers),
                null,
                new KeyValuePair<string, string>("run.directory", _folder.In("run"))
            )
            .BuildServiceProvider();
        IIcpoRuns runs = services.GetRequiredService<IIcpoRuns>();

        await Assert.ThrowsAsync<RefusedException>(() => runs.StartAsync());

        Assert.DoesNotContain(OpenFiles(), file => file.StartsWith(_folder.Path, StringComparison.Ordinal));
        RunLock.Take(new RunDirectory(_folder.In("run")), TimeProvider.System).Dispose();
        loggers.Refuses = false;
        IIcpoRun run = await runs.ResumeAsync(_folder.In("run"));
        Assert.Equal("completed", (await run.Completion.WaitAsync(FinishedRun.Far)).State);
    }

    [Fact]
    public async Task A_start_that_is_canceled_half_way_leaves_a_run_that_was_stopped()
    {
        using var cancellation = new CancellationTokenSource();
        await using ServiceProvider services = FinishedRun
            .Add(
                new ServiceCollection().AddSingleton<ILoggerFactory>(new CancelingLoggers(cancellation)),
                null,
                new KeyValuePair<string, string>("run.directory", _folder.In("run"))
            )
            .BuildServiceProvider();
        IIcpoRuns runs = services.GetRequiredService<IIcpoRuns>();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => runs.StartAsync(cancellation.Token));

        Assert.Equal("stopped", RunSummaries.Read(new RunDirectory(_folder.In("run")))?.State);
        IIcpoRun run = await runs.ResumeAsync(_folder.In("run"), CancellationToken.None);
        Assert.Equal("completed", (await run.Completion.WaitAsync(FinishedRun.Far)).State);
    }

    [Fact]
    public async Task An_overlong_penalty_needs_the_length_limit_of_an_own_task()
    {
        await using ServiceProvider services = FinishedRun
            .Add(
                new ServiceCollection(),
                null,
                new("run.directory", _folder.In("run")),
                new KeyValuePair<string, string>("group.overlong-share", "0.2")
            )
            .BuildServiceProvider();
        IIcpoRuns runs = services.GetRequiredService<IIcpoRuns>();

        ArgumentException refused = await Assert.ThrowsAsync<ArgumentException>(() => runs.StartAsync());

        Assert.Contains("icpo.sampler.max-tokens = 8", refused.Message, StringComparison.Ordinal);
        Assert.False(Directory.Exists(_folder.In("run")));
    }

    private static IEnumerable<string> OpenFiles() =>
        Directory.EnumerateFiles("/proc/self/fd").Select(path => new FileInfo(path).LinkTarget ?? "");

    private sealed class RefusedException() : Exception("No logger is given to the actor system.");

    /// <summary>Gives the run's host a logger, but not its actor system, which starts later.</summary>
    private sealed class RefusingLoggers : ILoggerFactory
    {
        public bool Refuses { get; set; }

        public ILogger CreateLogger(string categoryName) =>
            Refuses && categoryName.StartsWith("Akka", StringComparison.Ordinal) ? throw new RefusedException() : NullLogger.Instance;

        public void AddProvider(ILoggerProvider provider) { }

        public void Dispose() { }
    }

    /// <summary>Cancels the start of a run when its actor system is made.</summary>
    private sealed class CancelingLoggers(CancellationTokenSource cancellation) : ILoggerFactory
    {
        public ILogger CreateLogger(string categoryName)
        {
            if (categoryName.StartsWith("Akka", StringComparison.Ordinal))
            {
                cancellation.Cancel();
            }

            return NullLogger.Instance;
        }

        public void AddProvider(ILoggerProvider provider) { }

        public void Dispose() { }
    }
}
