using ICPO.Actors.Algorithm.Ledgers;
using ICPO.Actors.Configuration.Layers;
using ICPO.Actors.Contracts.Identity;
using ICPO.Actors.Contracts.Policies;
using ICPO.Actors.Contracts.Tasks;
using ICPO.Actors.Hosting;
using ICPO.Actors.RunFiles.Audit;
using ICPO.Actors.RunFiles.Directories;
using ICPO.Actors.RunFiles.Journal;
using ICPO.Actors.Runs;
using Microsoft.Extensions.DependencyInjection;

namespace ICPO.Actors.Tests.Faults;

/// <summary>Runs in an embedding application whose parts fail: what was admitted trains exactly once, and the run can be resumed.</summary>
public sealed class HostedFaultTests : IDisposable
{
    private const string NotFinite = "The loss is NaN.";
    private const string Broken = "The learner failed.";
    private const string OutOfMemory = "The engine is out of memory.";
    private static readonly TimeSpan Far = TimeSpan.FromMinutes(2);
    private readonly TemporaryFolder _folder = new();

    [Theory]
    [InlineData(0, true)]
    [InlineData(0, false)]
    [InlineData(1, true)]
    [InlineData(1, false)]
    public async Task A_learner_that_fails_in_the_middle_of_an_update_ends_the_run_and_the_update_is_made_once(
        int staleness,
        bool notFinite
    )
    {
        var failed = new HashSet<PolicyVersion>();
        var failing = new DecoratedBackend(new HashBackend(), learner => new FailingLearner(learner, batch =>
        {
            // Every other update fails once, when the weights have changed already.
            if (batch.From.Value % 2 == 1 && failed.Add(batch.From))
            {
                throw notFinite
                    ? new NonFiniteLossException(batch.Sequences[0].Id.Group, NotFinite)
                    : new InvalidOperationException(Broken);
            }
        }));
        string run = _folder.In("run");
        IcpoRunResult result = await FinishAsync(run, staleness, failing);
        for (int start = 1; result.Failure is { } failure; start++)
        {
            Assert.Contains(notFinite ? NotFinite : Broken, failure.Message, StringComparison.Ordinal);
            Assert.Equal(start, failed.Count);
            result = await FinishAsync(run, staleness, failing, resume: true);
        }

        Assert.Equal(("completed", 6L, true), (result.Summary!.State, result.Summary.Updates, result.Summary.LedgerCloses));
        Assert.Equal(3, failed.Count);
        if (staleness == 0)
        {
            await FinishAsync(_folder.In("whole"), staleness, new HashBackend());
            Assert.Equal(Weights(_folder.In("whole")), Weights(run));
        }
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(1)]
    public async Task A_clock_that_jumps_changes_nothing(int direction)
    {
        IcpoRunResult result = await FinishAsync(
            _folder.In("run"),
            staleness: 1,
            new HashBackend(),
            time: new JumpingTime(TimeSpan.FromHours(direction))
        );
        Assert.Equal(("completed", 6L, true), (result.Summary!.State, result.Summary.Updates, result.Summary.LedgerCloses));
        Assert.InRange(result.Summary.Seconds, 0, Far.TotalSeconds);
        // No lease expired: the only attempt of each was enough.
        Ledger ledger = JournalAudit.Check(RunJournal.Open(_folder.In("run"))).Ledger;
        Assert.Equal((0L, 0L), (ledger[LedgerEntry.Failed].Total.Rollouts, ledger[LedgerEntry.GroupFailed].Total.Rollouts));
    }

    [Fact]
    public async Task An_engine_without_memory_ends_the_run_with_its_sentence()
    {
        var backend = new HashBackend { BeforeSampling = (_, _) => throw new InsufficientMemoryException(OutOfMemory) };
        IcpoRunResult result = await FinishAsync(_folder.In("run"), staleness: 1, backend);
        Assert.Contains(OutOfMemory, result.Failure!.Message, StringComparison.Ordinal);
    }

    public void Dispose() => _folder.Dispose();

    private sealed record IcpoRunResult(RunSummary? Summary, RunFailedException? Failure);

    private static async Task<IcpoRunResult> FinishAsync(
        string directory,
        int staleness,
        IPolicyBackend backend,
        bool resume = false,
        TimeProvider? time = null
    )
    {
        await using ServiceProvider services = new ServiceCollection()
            .AddSingleton(time ?? TimeProvider.System)
            .AddSingleton<ITask>(new ParityTask())
            .AddSingleton<IVerifier>(new ParityVerifier())
            .AddSingleton(backend)
            .AddIcpo(
                IcpoConfiguration.Load(
                    new ConfigurationSources
                    {
                        Code =
                        [
                            new("run.directory", directory),
                            new("run.updates", "6"),
                            new("group.policy-rollouts", "3"),
                            new("group.groups-per-update", "2"),
                            new("admission.max-staleness", $"{staleness}"),
                            new("checkpoint.every", "4"),
                            new("admission.lease-attempts", "1"),
                            new("group.dynamic-sampling", "true"),
                            new("engine.count", "1"),
                            new("evaluation.every", "0"),
                            new("evaluation.at-start", "false"),
                            new("evaluation.at-end", "false"),
                        ],
                    }
                )
            )
            .BuildServiceProvider();
        IIcpoRuns runs = services.GetRequiredService<IIcpoRuns>();
        IIcpoRun run = resume ? await runs.ResumeAsync(directory) : await runs.StartAsync();
        try
        {
            return new IcpoRunResult(await run.Completion.WaitAsync(Far), null);
        }
        catch (RunFailedException failure)
        {
            return new IcpoRunResult(null, failure);
        }
    }

    private static string Weights(string run) =>
        File.ReadAllText(Path.Combine(new RunDirectory(run).Checkpoints, "update-000006", "state"));

    /// <summary>A backend whose learner is decorated.</summary>
    private sealed class DecoratedBackend(IPolicyBackend inner, Func<ILearner, ILearner> decorate) : IPolicyBackend
    {
        public ITokenizer Tokenizer => inner.Tokenizer;

        public IGenerationEngine CreateEngine(int index, bool isolateRequests) => inner.CreateEngine(index, isolateRequests);

        public ILearner CreateLearner() => decorate(inner.CreateLearner());
    }

    /// <summary>A learner that may fail after it has changed its weights and before it reports the update.</summary>
    private sealed class FailingLearner(ILearner inner, Action<TrainingBatch> fail) : ILearner
    {
        public PolicyVersion Version => inner.Version;

        public async Task<UpdateReport> UpdateAsync(TrainingBatch batch, CancellationToken cancellationToken)
        {
            UpdateReport report = await inner.UpdateAsync(batch, cancellationToken);
            fail(batch);
            return report;
        }

        public Task<PolicySnapshot> PublishAsync(string directory, LearnerEpoch epoch, CancellationToken cancellationToken) =>
            inner.PublishAsync(directory, epoch, cancellationToken);

        public Task SaveAsync(string directory, CancellationToken cancellationToken) => inner.SaveAsync(directory, cancellationToken);

        public Task RestoreAsync(string directory, CancellationToken cancellationToken) => inner.RestoreAsync(directory, cancellationToken);

        public ValueTask DisposeAsync() => inner.DisposeAsync();
    }

    /// <summary>A wall clock that jumps by an hour at every reading, while timestamps advance normally.</summary>
    private sealed class JumpingTime(TimeSpan step) : TimeProvider
    {
        private int _looks;

        public override DateTimeOffset GetUtcNow() =>
            new DateTimeOffset(2030, 1, 1, 0, 0, 0, TimeSpan.Zero) + (step * Interlocked.Increment(ref _looks));
    }
}
