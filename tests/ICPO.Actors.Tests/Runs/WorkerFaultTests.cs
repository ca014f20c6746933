using ICPO.Actors.Configuration.Layers;
using ICPO.Actors.Contracts.Policies;
using ICPO.Actors.Contracts.Rollouts;
using ICPO.Actors.Contracts.Tasks;
using ICPO.Actors.Hosting;
using ICPO.Actors.Nodes;
using ICPO.Actors.RunFiles.Directories;
using ICPO.Actors.RunFiles.History;
using ICPO.Actors.Runs;
using ICPO.Actors.Tasks.Processes;
using Microsoft.Extensions.DependencyInjection;

namespace ICPO.Actors.Tests.Runs;

/// <summary>Whole runs whose engines and verifiers fail and are started again.</summary>
public sealed class WorkerFaultTests : IDisposable
{
    private const string Gone = "The device has fallen off the bus.";
    private static readonly TimeSpan Far = TimeSpan.FromMinutes(2);
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public async Task A_run_whose_engines_fail_in_between_trains_as_if_they_had_not(int staleness)
    {
        int requests = 0;
        var failing = new HashBackend
        {
            BeforeSampling = (_, _) =>
                Interlocked.Increment(ref requests) % 7 == 3 ? throw new ObjectDisposedException("engine", Gone) : Task.CompletedTask,
        };
        (RunSummary summary, string weights) = await CompleteAsync("failing", failing, new ParityVerifier(), staleness);
        (RunSummary whole, string expected) = await CompleteAsync("whole", new HashBackend(), new ParityVerifier(), staleness);
        Assert.Equal((whole.State, whole.Updates, true), (summary.State, summary.Updates, summary.LedgerCloses));
        EventLine[] faults = Faults("failing");
        Assert.NotEmpty(faults);
        Assert.Empty(Faults("whole"));
        Assert.Contains("engine-0", await File.ReadAllTextAsync(new RunDirectory(_folder.In("failing")).Log), StringComparison.Ordinal);
        if (staleness == 0)
        {
            Assert.Equal(expected, weights);
        }
    }

    [Fact]
    public async Task A_run_whose_engines_stay_out_of_order_ends_with_their_last_error()
    {
        int requests = 0;
        var failing = new HashBackend
        {
            BeforeSampling = (_, _) => Interlocked.Increment(ref requests) > 3 ? throw new IOException(Gone) : Task.CompletedTask,
        };
        Exception error = await FailAsync(failing, new ParityVerifier(), [new("admission.fault-timeout", "200ms")]);
        Assert.Contains(Gone, error.Message, StringComparison.Ordinal);
        Assert.Contains("admission.fault-timeout", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_run_whose_engines_have_never_worked_ends_soon()
    {
        var failing = new HashBackend { BeforeSampling = (_, _) => throw new IOException(Gone) };
        Exception error = await FailAsync(failing, new ParityVerifier(), [new("admission.fault-timeout", "1h")]);
        Assert.Contains(Gone, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_engine_that_cannot_be_created_again_is_tried_until_it_can()
    {
        (int created, int requests) = (0, 0);
        var failing = new HashBackend
        {
            // The evaluator's engine is created as well.
            OnCreate = () =>
            {
                if (Interlocked.Increment(ref created) is > 2 and <= 6)
                {
                    throw new IOException(Gone);
                }
            },
            BeforeSampling = (_, _) =>
                Interlocked.Increment(ref requests) == 3 ? throw new ObjectDisposedException("engine") : Task.CompletedTask,
        };
        (RunSummary summary, _) = await CompleteAsync("run", failing, new ParityVerifier(), staleness: 0);
        Assert.Equal("completed", summary.State);
        Assert.Equal(5, Faults("run").Length);
        Assert.Equal(7, created);
    }

    [Fact]
    public async Task A_verifier_whose_workers_do_not_start_for_a_while_loses_no_rollout()
    {
        int cases = 0;
        var verifier = new PoolLike(() => Interlocked.Increment(ref cases) is > 4 and <= 40);
        (RunSummary summary, string weights) = await CompleteAsync("failing", new HashBackend(), verifier, staleness: 0);
        (RunSummary whole, string expected) = await CompleteAsync("whole", new HashBackend(), new ParityVerifier(), staleness: 0);
        Assert.Equal((whole.GroupsRejected, true), (summary.GroupsRejected, summary.LedgerCloses));
        Assert.Equal(expected, weights);
        Assert.NotEmpty(Faults("failing"));
    }

    [Theory]
    [InlineData(0, "1h")]
    [InlineData(4, "200ms")]
    public async Task A_run_ends_when_its_verifier_has_never_worked_or_stays_out_of_order(int works, string timeout)
    {
        int cases = 0;
        var verifier = new PoolLike(() => Interlocked.Increment(ref cases) > works);
        Exception error = await FailAsync(new HashBackend(), verifier, [new("admission.fault-timeout", timeout)]);
        Assert.Contains(Gone, error.Message, StringComparison.Ordinal);
    }

    private EventLine[] Faults(string name) =>
        [.. RunEventLog.Read(new RunDirectory(_folder.In(name))).Where(line => line.Kind == EventKinds.WorkerFault)];

    private async Task<(RunSummary Summary, string Weights)> CompleteAsync(
        string name,
        IPolicyBackend backend,
        IVerifier verifier,
        int staleness
    )
    {
        await using ServiceProvider services = Services(name, backend, verifier, [new("admission.max-staleness", $"{staleness}")]);
        IIcpoRun run = await services.GetRequiredService<IIcpoRuns>().StartAsync();
        RunSummary summary = await run.Completion.WaitAsync(Far);
        return (summary, await File.ReadAllTextAsync(Path.Combine(run.ModelDirectory, "state")));
    }

    private async Task<Exception> FailAsync(IPolicyBackend backend, IVerifier verifier, params KeyValuePair<string, string>[] settings)
    {
        await using ServiceProvider services = Services("run", backend, verifier, settings);
        IIcpoRun run = await services.GetRequiredService<IIcpoRuns>().StartAsync();
        return await Assert.ThrowsAsync<RunFailedException>(() => run.Completion.WaitAsync(Far));
    }

    private ServiceProvider Services(
        string name,
        IPolicyBackend backend,
        IVerifier verifier,
        params KeyValuePair<string, string>[] settings
    ) =>
        new ServiceCollection()
            .AddSingleton<ITask>(new ParityTask())
            .AddSingleton(verifier)
            .AddSingleton(backend)
            .AddSingleton(
                new ProtocolTimings
                {
                    Beat = TimeSpan.FromMilliseconds(10),
                    Tick = TimeSpan.FromMilliseconds(10),
                    Repeat = TimeSpan.FromMilliseconds(20),
                    FirstPause = TimeSpan.FromMilliseconds(10),
                    LongestPause = TimeSpan.FromMilliseconds(40),
                }
            )
            .AddIcpo(
                IcpoConfiguration.Load(
                    new ConfigurationSources
                    {
                        Code =
                        [
                            new("run.directory", _folder.In(name)),
                            new("run.updates", "3"),
                            new("group.policy-rollouts", "3"),
                            new("group.groups-per-update", "2"),
                            new("evaluation.at-start", "false"),
                            new("evaluation.at-end", "false"),
                            new("evaluation.every", "0"),
                            new("engine.count", "1"),
                            .. settings,
                        ],
                    }
                )
            )
            .BuildServiceProvider();

    /// <summary>A verifier that is unavailable at times, as one whose worker processes do not start.</summary>
    private sealed class PoolLike(Func<bool> isAway) : IVerifier
    {
        private readonly ParityVerifier _verifier = new();

        public string Name => "pool";

        public bool EnforcesDeadline => true;

        public ValueTask<Judgment> VerifyAsync(
            Question question,
            string response,
            FinishReason finish,
            CancellationToken cancellationToken
        ) => isAway() ? throw new VerifierUnavailableException(Gone) : _verifier.VerifyAsync(question, response, finish, cancellationToken);
    }
}
