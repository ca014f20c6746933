using Akka.Actor;
using Akka.Hosting;
using Akka.Persistence;
using ICPO.Actors.Configuration.Layers;
using ICPO.Actors.Contracts.Policies;
using ICPO.Actors.Hosting;
using ICPO.Actors.Progress;
using ICPO.Actors.RunFiles.Audit;
using ICPO.Actors.RunFiles.Directories;
using ICPO.Actors.RunFiles.Journal;
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

    [Fact]
    public async Task A_run_that_its_system_ends_without_telling_it_is_stopped_as_it_is()
    {
        var begun = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        RunContext run = Prepare(
            new HashBackend
            {
                BeforeUpdate = _ =>
                {
                    begun.TrySetResult();
                    return new TaskCompletionSource().Task;
                },
            }
        );
        using IHost host = await StartAsync(run);
        await begun.Task.WaitAsync(FinishedRun.Far);

        host.Services.GetRequiredService<ActorSystem>().ActorSelection($"/user/{run.ActorName}").Tell(PoisonPill.Instance);

        RunSummary summary = await run.Run.Completion.WaitAsync(FinishedRun.Far);
        Assert.Equal("stopped", summary.State);
        Assert.NotNull(summary.StopIncomplete);
        Assert.Equal(summary.StopIncomplete, RunSummaries.Read(new RunDirectory(run.Run.Directory))?.StopIncomplete);
    }

    [Fact]
    public async Task Runs_of_one_system_each_have_their_own_events_metrics_and_log()
    {
        // Neither run makes an update before the other one makes its first, so both are active at the same time.
        TaskCompletionSource[] begun = [New(), New()];
        var both = Task.WhenAll(begun.Select(one => one.Task));
        RunContext builtIn = BuiltIn("built-in", Backend(begun[0], both));
        RunContext parity = Prepare("parity", Backend(begun[1], both), new("preset", "icpo"), new("run.updates", "3"));
        using IHost host = await StartAsync(builtIn, parity);

        RunSummary[] summaries = await Task.WhenAll(builtIn.Run.Completion, parity.Run.Completion).WaitAsync(FinishedRun.Far);
        await host.StopAsync();
        Assert.Equal([(builtIn.Task.Name, 5), ("parity", 3)], summaries.Select(summary => (summary.Task, (int)summary.Updates)));
        Assert.All(summaries, summary => Assert.True(summary.LedgerCloses));
        foreach ((RunContext run, RunContext other) in new[] { (builtIn, parity), (parity, builtIn) })
        {
            string directory = run.Run.Directory;
            JournalAccount account = JournalAudit.Check(RunJournal.Open(directory));
            RunSummary summary = await run.Run.Completion;
            Assert.Equal((summary.GroupsAdmitted, summary.GroupsRejected), (account.Ledger.GroupsAdmitted, account.Ledger.GroupsRejected));
            string[] lines =
            [
                .. File.ReadLines(run.Directory.Metrics).Where(line => line.Contains("\"kind\":\"update\"", StringComparison.Ordinal)),
            ];
            Assert.Equal(summary.Updates, lines.Length);
            string log = await File.ReadAllTextAsync(run.Directory.Log);
            Assert.Contains(run.Settings.RunId, log, StringComparison.Ordinal);
            Assert.DoesNotContain(other.Settings.RunId, log, StringComparison.Ordinal);
        }

        Assert.Equal((false, true), (Mixes(builtIn), Mixes(parity)));

        static TaskCompletionSource New() => new(TaskCreationOptions.RunContinuationsAsynchronously);
        static HashBackend Backend(TaskCompletionSource begun, Task both) =>
            new()
            {
                BeforeUpdate = _ =>
                {
                    begun.TrySetResult();
                    return both.WaitAsync(FinishedRun.Far);
                },
            };
        static bool Mixes(RunContext run) =>
            File.ReadAllText(run.Directory.Metrics).Contains("expert/acceptance_rate", StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_run_that_fails_leaves_the_others_of_its_system_alone_and_its_log_says_why()
    {
        RunContext fails = Prepare("fails", new HashBackend { BeforeUpdate = _ => throw new OutOfDeviceMemoryException() });
        RunContext works = Prepare("works", new HashBackend());
        using IHost host = await StartAsync(fails, works);

        await Assert.ThrowsAsync<RunFailedException>(() => fails.Run.Completion.WaitAsync(FinishedRun.Far));
        Assert.Equal("completed", (await works.Run.Completion.WaitAsync(FinishedRun.Far)).State);
        await host.StopAsync();
        string reason = new OutOfDeviceMemoryException().Message;
        Assert.Contains(reason, await File.ReadAllTextAsync(fails.Directory.Log), StringComparison.Ordinal);
        Assert.DoesNotContain(reason, await File.ReadAllTextAsync(works.Directory.Log), StringComparison.Ordinal);
    }

    [Fact]
    public void Two_runs_of_one_id_are_refused()
    {
        RunContext run = Prepare("one", new HashBackend(), [new("run.id", "a.b")]);
        RunContext same = Prepare("two", new HashBackend(), [new("run.id", "a_b")]);
        var builder = new AkkaConfigurationBuilder(new ServiceCollection(), "host");
        builder.WithIcpo(run);
        Assert.Throws<ArgumentException>(() => builder.WithIcpo(same));
        run.Lock!.Dispose();
        same.Lock!.Dispose();
    }

    private RunContext Prepare(HashBackend backend) => Prepare("run", backend, [new("run.id", "a.b")]);

    private RunContext Prepare(string name, HashBackend backend, params KeyValuePair<string, string>[] settings) =>
        FinishedRun.Services(backend, [.. settings, new("run.directory", _folder.In(name))]).GetRequiredService<RunFactory>().Create();

    /// <summary>A run of the built-in task and its verifier.</summary>
    private RunContext BuiltIn(string name, HashBackend backend) =>
        new ServiceCollection()
            .AddSingleton<IPolicyBackend>(backend)
            .AddIcpo(
                IcpoConfiguration.Load(
                    new ConfigurationSources
                    {
                        Code =
                        [
                            new("run.directory", _folder.In(name)),
                            new("run.updates", "5"),
                            new("preset", "grpo"),
                            new("group.groups-per-update", "2"),
                            new("group.dynamic-sampling", "false"),
                            new("evaluation.final-questions", "4"),
                            new("engine.count", "1"),
                        ],
                    }
                )
            )
            .BuildServiceProvider()
            .GetRequiredService<RunFactory>()
            .Create();

    private static async Task<IHost> StartAsync(params RunContext[] runs)
    {
        HostApplicationBuilder builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        builder.Services.AddAkka("host", akka => Array.ForEach(runs, run => akka.WithIcpo(run)));
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
