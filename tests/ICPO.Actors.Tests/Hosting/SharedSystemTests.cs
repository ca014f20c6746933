using Akka.Actor;
using Akka.Hosting;
using Akka.Persistence;
using ICPO.Actors.Hosting;
using ICPO.Actors.Progress;
using ICPO.Actors.RunFiles.Directories;
using ICPO.Actors.Runs;
using ICPO.Actors.Tests.Journals;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace ICPO.Actors.Tests.Hosting;

/// <summary>A run in the host app's own actor system: it takes nothing over, and it ends with the system.</summary>
public sealed class SharedSystemTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task An_actor_of_the_host_keeps_its_journal_and_its_unregistered_types()
    {
        RunContext run = Prepare(new HashBackend());
        using IHost host = await StartAsync(run);
        IActorRef counter = host.Services.GetRequiredService<ActorSystem>().ActorOf(Props.Create(() => new CounterActor()), "counter");

        Assert.Equal(1, await counter.Ask<int>(new Increment(), FinishedRun.Far));
        Assert.Equal("completed", (await run.Run.Completion.WaitAsync(FinishedRun.Far)).State);
        Assert.Equal(2, await counter.Ask<int>(new Increment(), FinishedRun.Far));
        PersistenceExtension plugins = Persistence.Instance.Apply(host.Services.GetRequiredService<ActorSystem>());
        Assert.Contains("inmem", plugins.JournalFor(null).Path.ToString(), StringComparison.Ordinal);
        await host.StopAsync();
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task The_end_of_the_system_stops_the_run_with_a_checkpoint(bool terminate)
    {
        var begun = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var goOn = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        RunContext run = Prepare(
            new HashBackend
            {
                BeforeUpdate = _ =>
                {
                    begun.TrySetResult();
                    return goOn.Task;
                },
            }
        );
        using IHost host = await StartAsync(run);
        await begun.Task.WaitAsync(FinishedRun.Far);

        Task end = terminate ? host.Services.GetRequiredService<ActorSystem>().Terminate() : host.StopAsync();

        Assert.False(run.Run.Completion.IsCompleted);
        Assert.Throws<IOException>(() => RunLock.Take(new RunDirectory(run.Run.Directory), TimeProvider.System));
        await foreach (RunProgress progress in run.Run.ProgressAsync())
        {
            if (progress.Phase == RunPhase.Stopping)
            {
                break;
            }
        }

        goOn.SetResult();
        await end.WaitAsync(FinishedRun.Far);
        RunSummary summary = await run.Run.Completion.WaitAsync(FinishedRun.Far);
        Assert.Equal(("stopped", 1), (summary.State, summary.Updates));
        Assert.True(File.Exists(Path.Combine(run.Run.ModelDirectory, "state")));
        RunLock.Take(new RunDirectory(run.Run.Directory), TimeProvider.System).Dispose();
    }

    private RunContext Prepare(HashBackend backend) =>
        FinishedRun
            .Services(backend, new("run.directory", _folder.In("run")), new("run.id", "a.b"))
            .GetRequiredService<RunFactory>()
            .Create();

    private static async Task<IHost> StartAsync(RunContext run)
    {
        HostApplicationBuilder builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        builder.Services.AddAkka("host", akka => akka.WithIcpo(run));
        IHost host = builder.Build();
        await host.StartAsync();
        return host;
    }

    private sealed record Increment : INoSerializationVerificationNeeded;

    /// <summary>No serializer is bound to it.</summary>
    private sealed record Incremented(int By);

    private sealed class CounterActor : ReceivePersistentActor
    {
        private int _count;

        public CounterActor()
        {
            Recover<Incremented>(happened => _count += happened.By);
            Command<Increment>(_ => Persist(new Incremented(1), happened => Sender.Tell(_count += happened.By)));
        }

        public override string PersistenceId => "counter";
    }
}
