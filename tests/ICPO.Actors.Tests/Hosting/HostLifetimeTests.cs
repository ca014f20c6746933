using ICPO.Actors.Progress;
using ICPO.Actors.RunFiles.Directories;
using ICPO.Actors.Runs;
using ICPO.Actors.Tests.Journals;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace ICPO.Actors.Tests.Hosting;

/// <summary>Runs that were started through <see cref="IIcpoRuns"/> live and end with their host.</summary>
public sealed class HostLifetimeTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly TaskCompletionSource _begun = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _goOn = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task StopApplication_stops_a_run_with_a_checkpoint_before_the_host_has_stopped()
    {
        using IHost host = Build();
        await host.StartAsync();
        IIcpoRun run = await RunAsync(host);

        host.Services.GetRequiredService<IHostApplicationLifetime>().StopApplication();
        await GoOnWhenStoppingAsync(run);
        await host.StopAsync();

        await ExpectStoppedAsync(run);
    }

    [Fact]
    public async Task A_run_that_is_started_in_a_host_that_is_stopping_stops_at_once()
    {
        using IHost host = Build();
        await host.StartAsync();
        _goOn.SetResult();
        host.Services.GetRequiredService<IHostApplicationLifetime>().StopApplication();
        IIcpoRun run = await host.Services.GetRequiredService<IIcpoRuns>().StartAsync();
        Assert.Equal("stopped", (await run.Completion.WaitAsync(FinishedRun.Far)).State);
    }

    [Fact]
    public async Task Disposing_a_host_that_never_started_stops_its_runs()
    {
        IHost host = Build();
        IIcpoRun run = await RunAsync(host);

        var disposed = Task.Run(host.Dispose);
        await GoOnWhenStoppingAsync(run);

        await disposed.WaitAsync(FinishedRun.Far);
        await ExpectStoppedAsync(run);
    }

    [Fact]
    public async Task A_host_that_may_not_wait_longer_leaves_the_run_to_end_by_itself()
    {
        using IHost host = Build();
        await host.StartAsync();
        IIcpoRun run = await RunAsync(host);
        using var none = new CancellationTokenSource();
        await none.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => host.StopAsync(none.Token));
        Assert.False(run.Completion.IsCompleted);
        await GoOnWhenStoppingAsync(run);

        await ExpectStoppedAsync(run);
    }

    [Fact]
    public async Task A_run_that_cannot_be_recorded_is_stopped_and_not_failed()
    {
        using IHost host = Build(new KeyValuePair<string, string>("journal.connection-string", "postgres://nobody@127.0.0.1:1/none"));
        IIcpoRuns runs = host.Services.GetRequiredService<IIcpoRuns>();
        IIcpoRun run = await runs.StartAsync();
        await run.StopAsync().WaitAsync(FinishedRun.Far);

        RunSummary summary = await run.Completion;
        Assert.Equal(("stopped", 0, null), (summary.State, summary.Updates, summary.Model));
        Assert.Contains("127.0.0.1:1", summary.StopIncomplete, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_run_logs_through_the_host_with_its_id_as_scope()
    {
        var log = new CollectingLoggerProvider();
        using IHost host = Build(new KeyValuePair<string, string>("run.id", "logged"), log);
        IIcpoRun run = await RunAsync(host);
        _goOn.SetResult();
        await run.Completion.WaitAsync(FinishedRun.Far);

        Assert.Contains(log.Scopes, scope => scope.Contains(new("RunId", "logged")));
    }

    [Fact]
    public async Task The_reason_of_a_failure_is_in_the_runs_log_and_a_run_that_is_there_is_named_in_the_terms_of_the_API()
    {
        using IHost host = Build();
        IIcpoRun run = await RunAsync(host);
        _goOn.SetException(new InvalidOperationException("the learner broke"));

        await Assert.ThrowsAsync<RunFailedException>(() => run.Completion.WaitAsync(FinishedRun.Far));
        Assert.Contains(File.ReadAllLines(Path.Combine(run.Directory, "run.log")), line =>
            line.Contains("ICPO.Actors.Run", StringComparison.Ordinal) && line.Contains("the learner broke", StringComparison.Ordinal)
        );

        RunExistsException there = await Assert.ThrowsAsync<RunExistsException>(() =>
            host.Services.GetRequiredService<IIcpoRuns>().StartAsync()
        );
        Assert.Equal(run.Directory, there.Directory);
        Assert.Contains(nameof(IIcpoRuns.ResumeAsync), there.Message, StringComparison.Ordinal);
    }

    private IHost Build(KeyValuePair<string, string>? setting = null, ILoggerProvider? log = null)
    {
        var backend = new HashBackend
        {
            BeforeUpdate = _ =>
            {
                _begun.TrySetResult();
                return _goOn.Task;
            },
        };
        KeyValuePair<string, string>[] settings =
        [
            new("run.directory", _folder.In("run")),
            .. setting is { } own ? [own] : Array.Empty<KeyValuePair<string, string>>(),
        ];
        HostApplicationBuilder builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        if (log is not null)
        {
            builder.Logging.AddProvider(log);
        }

        FinishedRun.Add(builder.Services, backend, settings);
        return builder.Build();
    }

    private async Task<IIcpoRun> RunAsync(IHost host)
    {
        IIcpoRun run = await host.Services.GetRequiredService<IIcpoRuns>().StartAsync();
        await _begun.Task.WaitAsync(FinishedRun.Far);
        return run;
    }

    /// <summary>Lets the update in progress end once the run has been told to stop.</summary>
    private async Task GoOnWhenStoppingAsync(IIcpoRun run)
    {
        await foreach (RunProgress progress in run.ProgressAsync())
        {
            if (progress.Phase == RunPhase.Stopping)
            {
                break;
            }
        }

        _goOn.SetResult();
    }

    private static async Task ExpectStoppedAsync(IIcpoRun run)
    {
        RunSummary summary = await run.Completion.WaitAsync(FinishedRun.Far);
        Assert.Equal(("stopped", true), (summary.State, summary.LedgerCloses));
        Assert.True(File.Exists(Path.Combine(run.ModelDirectory, "state")));
    }

    private sealed class CollectingLoggerProvider : ILoggerProvider, ILogger
    {
        public System.Collections.Concurrent.ConcurrentBag<KeyValuePair<string, object>[]> Scopes { get; } = [];

        public ILogger CreateLogger(string categoryName) => this;

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull
        {
            if (state is KeyValuePair<string, object>[] pairs)
            {
                Scopes.Add(pairs);
            }

            return null;
        }

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(
            LogLevel logLevel,
            EventId eventId,
            TState state,
            Exception? exception,
            Func<TState, Exception?, string> formatter
        ) { }

        public void Dispose() { }
    }
}
