using Akka.Actor;
using Akka.Hosting;
using ICPO.Actors.Contracts.Identity;
using ICPO.Actors.Contracts.Policies;
using ICPO.Actors.Contracts.Tasks;
using ICPO.Actors.Hosting;
using ICPO.Actors.RunFiles.Directories;
using ICPO.Actors.Runs;
using ICPO.Actors.Tests.Fakes;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace ICPO.Actors.Tests.Runs;

/// <summary>How a run ends where its parts do not: the reason stays, and the directory is released when nothing writes to it.</summary>
public sealed class RunEndTests : RunTest
{
    [Fact]
    public async Task The_reason_of_a_failure_stays_where_a_part_does_not_end()
    {
        var backend = new StubbornBackend(
            new HashBackend { BeforeUpdate = _ => throw new NonFiniteLossException(new GroupId(7), "Group g7: the loss is not finite.") },
            () => throw new TimeoutException("The thread did not end.")
        );
        await using ServiceProvider services = Services(backend);
        IIcpoRun run = await services.GetRequiredService<IIcpoRuns>().StartAsync();
        Exception error = await Assert.ThrowsAsync<RunFailedException>(() => run.Completion.WaitAsync(Far));
        Assert.Contains("Group g7", error.Message, StringComparison.Ordinal);
        RunLock.Take(new RunDirectory(run.Directory), TimeProvider.System).Dispose();
    }

    [Fact]
    public async Task The_directory_is_released_when_the_learner_has_ended_where_the_hosts_system_ends()
    {
        var stepping = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var disposing = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var disposed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var backend = new StubbornBackend(
            new HashBackend
            {
                BeforeUpdate = _ =>
                {
                    stepping.TrySetResult();
                    return new TaskCompletionSource().Task;
                },
            },
            () =>
            {
                disposing.TrySetResult();
                return new ValueTask(disposed.Task);
            }
        );
        await using ServiceProvider services = Services(backend);
        RunContext plan = services.GetRequiredService<RunFactory>().Create();
        HostApplicationBuilder builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        builder.Services.AddAkka("app", akka => akka.WithIcpo(plan));
        using IHost host = builder.Build();
        await host.StartAsync();
        await stepping.Task.WaitAsync(Far);
        await host.Services.GetRequiredService<ActorSystem>().Terminate();
        await disposing.Task.WaitAsync(Far);
        Assert.Throws<IOException>(() => RunLock.Take(plan.Directory, TimeProvider.System));
        disposed.SetResult();

        // The end of the system and the deadlines of a stop are as late as each other, so the outcome is an error or a stopped run.
        await Task.WhenAny(plan.Run.Completion).WaitAsync(Far);
        await plan.Run.Released.WaitAsync(Far);
        RunLock.Take(plan.Directory, TimeProvider.System).Dispose();
    }

    [Fact]
    public async Task The_owner_gets_the_outcome_in_time_and_the_directory_is_released_when_the_learner_has_ended()
    {
        var stepping = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var disposed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var backend = new StubbornBackend(
            new HashBackend
            {
                BeforeUpdate = _ =>
                {
                    stepping.TrySetResult();
                    return new TaskCompletionSource().Task;
                },
            },
            () => new ValueTask(disposed.Task)
        );
        await using ServiceProvider services = Services(backend, terminateTimeout: "1s");
        IIcpoRuns runs = services.GetRequiredService<IIcpoRuns>();
        IIcpoRun run = await runs.StartAsync();
        await stepping.Task.WaitAsync(Far);
        await run.StopAsync().WaitAsync(Far);
        Assert.Equal(("stopped", 0), await run.Completion is var ended ? (ended.State, ended.Updates) : default);
        await Assert.ThrowsAsync<IOException>(() => runs.ResumeAsync(run.Directory));

        disposed.SetResult();
        await ((IcpoRun)run).Released.WaitAsync(Far);
        RunLock.Take(new RunDirectory(run.Directory), TimeProvider.System).Dispose();
    }

    [Fact]
    public async Task A_run_of_another_owner_is_refused_before_anything_of_it_is_made()
    {
        await using ServiceProvider services = Services(new HashBackend());
        IIcpoRun run = await services.GetRequiredService<IIcpoRuns>().StartAsync();
        await run.Completion.WaitAsync(Far);
        using var taken = RunLock.Take(new RunDirectory(run.Directory), TimeProvider.System);
        int made = 0;
        await using ServiceProvider others = Services(new HashBackend(), services => services.AddTransient<ITask>(_ =>
            {
                made++;
                return new ParityTask();
            }));
        await Assert.ThrowsAsync<IOException>(() => others.GetRequiredService<IIcpoRuns>().ResumeAsync(run.Directory));
        Assert.Equal(0, made);
    }

    [Fact]
    public async Task Nothing_of_a_run_that_has_ended_holds_its_journal_open()
    {
        Assert.SkipUnless(Directory.Exists("/proc/self/fd"), "Open files are listed in /proc, which is not here.");
        await using ServiceProvider services = Services(new HashBackend());
        IIcpoRun run = await services.GetRequiredService<IIcpoRuns>().StartAsync();
        await run.Completion.WaitAsync(Far);
        Assert.DoesNotContain(Directory.EnumerateFiles("/proc/self/fd").Select(link => new FileInfo(link).LinkTarget ?? ""), target =>
            target.StartsWith(run.Directory, StringComparison.Ordinal)
        );
    }

    private ServiceProvider Services(IPolicyBackend backend, Action<IServiceCollection>? more = null, string terminateTimeout = "10s") =>
        Services(
            [
                new("run.directory", Folder.In("run")),
                new("run.updates", "2"),
                new("evaluation.at-start", "false"),
                new("evaluation.at-end", "false"),
                new("shutdown.stop-timeout", "1s"),
                new("shutdown.terminate-timeout", terminateTimeout),
            ],
            backend,
            more
        );

    /// <summary>A backend whose learner ends as a test says.</summary>
    private sealed class StubbornBackend(IPolicyBackend inner, Func<ValueTask> dispose) : IPolicyBackend
    {
        public ITokenizer Tokenizer => inner.Tokenizer;

        public IGenerationEngine CreateEngine(int index, bool isolateRequests) => inner.CreateEngine(index, isolateRequests);

        public ILearner CreateLearner() => new StubbornLearner(inner.CreateLearner(), dispose);
    }

    private sealed class StubbornLearner(ILearner inner, Func<ValueTask> dispose) : ILearner
    {
        public PolicyVersion Version => inner.Version;

        public Task<UpdateReport> UpdateAsync(TrainingBatch batch, CancellationToken cancellationToken) =>
            inner.UpdateAsync(batch, cancellationToken);

        public Task<PolicySnapshot> PublishAsync(string directory, LearnerEpoch epoch, CancellationToken cancellationToken) =>
            inner.PublishAsync(directory, epoch, cancellationToken);

        public Task SaveAsync(string directory, CancellationToken cancellationToken) => inner.SaveAsync(directory, cancellationToken);

        public Task RestoreAsync(string directory, CancellationToken cancellationToken) => inner.RestoreAsync(directory, cancellationToken);

        public ValueTask DisposeAsync() => dispose();
    }
}
