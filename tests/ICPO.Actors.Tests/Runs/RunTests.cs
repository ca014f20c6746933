using System.Collections.Concurrent;
using System.Text.Json;
using ICPO.Actors.Configuration.Layers;
using ICPO.Actors.Contracts.Identity;
using ICPO.Actors.Contracts.Policies;
using ICPO.Actors.Contracts.Tasks;
using ICPO.Actors.Hosting;
using ICPO.Actors.Progress;
using ICPO.Actors.RunFiles.Audit;
using ICPO.Actors.RunFiles.Directories;
using ICPO.Actors.RunFiles.Inspection;
using ICPO.Actors.RunFiles.Journal;
using ICPO.Actors.Runs;
using Microsoft.Extensions.DependencyInjection;

namespace ICPO.Actors.Tests.Runs;

public sealed class RunTests : IDisposable
{
    private static readonly TimeSpan Far = TimeSpan.FromMinutes(2);
    private readonly TemporaryFolder _folder = new();

    [Fact]
    public async Task A_host_app_brings_its_own_parts_watches_its_run_and_gets_the_model()
    {
        var configuration = IcpoConfiguration.Load(
            new ConfigurationSources
            {
                Code =
                [
                    new("run.directory", _folder.In("run")),
                    new("run.updates", "4"),
                    new("group.policy-rollouts", "4"),
                    new("group.groups-per-update", "3"),
                    new("evaluation.every", "2"),
                    new("evaluation.questions", "5"),
                    new("evaluation.final-questions", "10"),
                    new("engine.count", "2"),
                ],
            }
        );
        await using ServiceProvider services = new ServiceCollection()
            .AddSingleton<ITask, ParityTask>()
            .AddSingleton<IVerifier, ParityVerifier>()
            .AddSingleton<IPolicyBackend, HashBackend>()
            .AddIcpo(configuration)
            .BuildServiceProvider();

        IIcpoRun run = await services.GetRequiredService<IIcpoRuns>().StartAsync();
        var looks = new List<RunProgress>();
        await foreach (RunProgress look in run.ProgressAsync())
        {
            looks.Add(look);
        }

        RunSummary summary = await run.Completion.WaitAsync(Far);
        Assert.Equal(("completed", 4, true), (summary.State, summary.Updates, summary.LedgerCloses));
        Assert.InRange(summary.AccuracyBefore!.Value, 0, 1);
        Assert.InRange(summary.AccuracyAfter!.Value, 0, 1);
        Assert.True(summary.TokensTrained > 0 && summary.TokensGenerated >= summary.TokensTrained);
        Assert.Equal((RunPhase.Completed, 4), (looks[^1].Phase, looks[^1].Update));
        Assert.All(looks.Zip(looks.Skip(1)), pair => Assert.True(pair.Item1.Update <= pair.Item2.Update));
        Assert.True(File.Exists(Path.Combine(run.ModelDirectory, "state")));
        Assert.Equal(run.ModelDirectory, Path.Combine(run.Directory, summary.Model!));
        var files = new RunDirectory(run.Directory);
        Assert.All(
            [files.Summary, files.Report, files.EffectiveConfiguration, files.Metrics, files.Samples, files.Journal, files.Log],
            path => Assert.True(File.Exists(path), path)
        );
        Assert.Equal([1L, 2, 3, 4], Updates(files));
    }

    [Theory]
    [InlineData("icpo")]
    [InlineData("grpo")]
    [InlineData("sft")]
    public async Task Every_kind_of_preset_runs_to_its_end(string preset)
    {
        RunSummary summary = await (await StartAsync("run", [new("preset", preset)])).Completion.WaitAsync(Far);
        Assert.Equal(("completed", true), (summary.State, summary.LedgerCloses));
    }

    [Fact]
    public async Task A_synchronous_run_is_a_function_of_its_seed()
    {
        string first = await WeightsAsync(await StartAsync("first", Synchronous));
        Assert.Equal(first, await WeightsAsync(await StartAsync("second", Synchronous)));
        Assert.NotEqual(first, await WeightsAsync(await StartAsync("other", [.. Synchronous, new("run.seed", "2")])));
    }

    [Fact]
    public async Task A_synchronous_run_that_is_stopped_in_every_update_ends_like_one_that_was_not()
    {
        string whole = await WeightsAsync(await StartAsync("whole", Synchronous));
        for (int start = 0; start < 6; start++)
        {
            var begun = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            var asked = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            int held = start;
            var backend = new HashBackend
            {
                BeforeUpdate = batch =>
                {
                    if (batch.From.Value != held)
                    {
                        return Task.CompletedTask;
                    }

                    begun.TrySetResult();
                    return asked.Task;
                },
            };
            IIcpoRun run =
                start == 0
                    ? await StartAsync("stopped", Synchronous, backend)
                    : await Services(Synchronous, backend).GetRequiredService<IIcpoRuns>().ResumeAsync(_folder.In("stopped"));
            await begun.Task.WaitAsync(Far);
            Task stop = run.StopAsync();
            await foreach (RunProgress look in run.ProgressAsync())
            {
                if (look.Phase == RunPhase.Stopping)
                {
                    break;
                }
            }

            asked.SetResult();
            await stop.WaitAsync(Far);
            RunSummary summary = await run.Completion;
            Assert.Equal((start < 5 ? "stopped" : "completed", start + 1, true), (summary.State, summary.Updates, summary.LedgerCloses));
            Assert.True(File.Exists(Path.Combine(run.ModelDirectory, "state")));
        }

        Assert.Equal(whole, await File.ReadAllTextAsync(Path.Combine(_folder.In("stopped"), "checkpoints", "update-000006", "state")));
        Assert.Equal([1L, 2, 3, 4, 5, 6], Updates(new RunDirectory(_folder.In("stopped"))));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public async Task What_was_sampled_of_an_undecided_group_is_not_sampled_again(int staleness)
    {
        KeyValuePair<string, string>[] settings =
        [
            new("admission.max-staleness", $"{staleness}"),
            new("preset", "icpo"),
            new("group.policy-rollouts", "4"),
            new("group.expert-rollouts", "1"),
            new("evaluation.at-start", "false"),
        ];
        ConcurrentBag<ulong> first = [],
            second = [];
        var held = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var holding = new HashBackend
        {
            BeforeSampling = (request, cancellation) =>
            {
                // Policy rollouts are made, expert rollouts are not: no group can be decided.
                if (request.Seeds.Length > 1)
                {
                    first.Add(request.Seeds[0]);
                    return Task.CompletedTask;
                }

                held.TrySetResult();
                return Task.Delay(Timeout.Infinite, cancellation);
            },
        };
        IIcpoRun run = await StartAsync("run", settings, holding);
        await held.Task.WaitAsync(Far);
        await run.StopAsync().WaitAsync(Far);
        int kept = RunJournal.Open(run.Directory).State.Rollouts.Values.Sum(rollouts => rollouts.Length);
        Assert.Equal(4 * first.Count, kept);
        Assert.True(kept > 0);
        Assert.All(new GroupInspector(RunJournal.Open(run.Directory)).Groups(new InspectionFilter()), group =>
            Assert.Equal((GroupFate.Open, 4), (group.Fate, group.Rollouts.Length))
        );

        var counting = new HashBackend
        {
            BeforeSampling = (request, _) =>
            {
                second.Add(request.Seeds[0]);
                return Task.CompletedTask;
            },
        };
        IIcpoRun again = await Services(settings, counting).GetRequiredService<IIcpoRuns>().ResumeAsync(run.Directory);
        RunSummary summary = await again.Completion.WaitAsync(Far);
        Assert.Equal(("completed", true), (summary.State, summary.LedgerCloses));
        Assert.Empty(first.Intersect(second));
        JournalAccount account = JournalAudit.Check(RunJournal.Open(run.Directory));
        Assert.Empty(account.Faults);
        Assert.Equal(kept, account.Starts[0].Generated.Policy.Rollouts);
        if (staleness == 0)
        {
            Assert.Equal(await WeightsAsync(await StartAsync("whole", settings)), await WeightsAsync(again));
        }
    }

    [Fact]
    public async Task A_run_that_is_stopped_during_its_first_evaluation_does_not_wait_for_it()
    {
        var begun = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var backend = new HashBackend
        {
            BeforeSampling = (_, cancellation) =>
            {
                begun.TrySetResult();
                return Task.Delay(Timeout.Infinite, cancellation);
            },
        };
        IIcpoRun run = await StartAsync("run", [], backend);
        await begun.Task.WaitAsync(Far);
        await run.StopAsync().WaitAsync(Far);
        Assert.Equal(("stopped", 0), await run.Completion is var summary ? (summary.State, summary.Updates) : default);
    }

    [Fact]
    public async Task A_run_that_is_stopped_at_once_is_stopped_and_can_go_on()
    {
        IIcpoRun run = await StartAsync("run", Synchronous);
        await run.StopAsync().WaitAsync(Far);
        Assert.Equal(("stopped", 0), await run.Completion is var summary ? (summary.State, summary.Updates) : default);
        IIcpoRun again = await Services(Synchronous).GetRequiredService<IIcpoRuns>().ResumeAsync(run.Directory);
        Assert.Equal("completed", (await again.Completion.WaitAsync(Far)).State);
    }

    [Fact]
    public async Task A_verifier_that_always_throws_ends_the_run_with_a_sentence()
    {
        IIcpoRun run = await StartAsync(
            "run",
            [new("evaluation.at-start", "false")],
            verifier: new ScriptedVerifier((_, _) => throw new FormatException("no number"))
        );
        RunFailedException error = await Assert.ThrowsAsync<RunFailedException>(() => run.Completion.WaitAsync(Far));
        Assert.Contains("verifier fails", error.Message, StringComparison.Ordinal);
        Assert.Contains("no number", await File.ReadAllTextAsync(new RunDirectory(run.Directory).Log), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_verifier_that_fails_on_every_question_of_an_evaluation_ends_the_run()
    {
        IIcpoRun run = await StartAsync("run", [], verifier: new ScriptedVerifier((_, _) => throw new FormatException("no number")));
        RunFailedException error = await Assert.ThrowsAsync<RunFailedException>(() => run.Completion.WaitAsync(Far));
        Assert.Equal(run.Directory, error.Directory);
        Assert.Contains("verdict", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_engine_that_always_throws_ends_the_run_with_its_reason()
    {
        var backend = new HashBackend { BeforeSampling = (_, _) => throw new InvalidOperationException("The device is gone.") };
        IIcpoRun run = await StartAsync("run", [new("evaluation.at-start", "false")], backend);
        Assert.Contains(
            "The device is gone.",
            (await Assert.ThrowsAsync<RunFailedException>(() => run.Completion.WaitAsync(Far))).Message,
            StringComparison.Ordinal
        );
        Assert.Equal(RunPhase.Failed, (await LastAsync(run)).Phase);
    }

    [Fact]
    public async Task A_learner_that_throws_ends_the_run_with_its_reason_and_the_run_can_go_on()
    {
        var backend = new HashBackend
        {
            BeforeUpdate = batch =>
                batch.From.Value == 2
                    ? throw new NonFiniteLossException(new GroupId(7), "Group g7: the loss is not finite.")
                    : Task.CompletedTask,
        };
        IIcpoRun run = await StartAsync("run", Synchronous, backend);
        Assert.Contains(
            "Group g7",
            (await Assert.ThrowsAsync<RunFailedException>(() => run.Completion.WaitAsync(Far))).Message,
            StringComparison.Ordinal
        );

        IIcpoRun again = await Services(Synchronous).GetRequiredService<IIcpoRuns>().ResumeAsync(run.Directory);
        Assert.Equal(await WeightsAsync(await StartAsync("whole", Synchronous)), await WeightsAsync(again));
    }

    [Fact]
    public async Task A_backend_that_cannot_make_an_engine_ends_the_run_with_its_reason()
    {
        IIcpoRun run = await StartAsync("run", [], new HashBackend { OnCreate = () => throw new OutOfDeviceMemoryException() });
        Assert.Contains(
            "device memory",
            (await Assert.ThrowsAsync<RunFailedException>(() => run.Completion.WaitAsync(Far))).Message,
            StringComparison.Ordinal
        );
    }

    public void Dispose() => _folder.Dispose();

    private static readonly KeyValuePair<string, string>[] Synchronous =
    [
        new("admission.max-staleness", "0"),
        new("run.updates", "6"),
        new("checkpoint.every", "2"),
        new("group.dynamic-sampling", "true"),
    ];

    private static async Task<string> WeightsAsync(IIcpoRun run)
    {
        Assert.True((await run.Completion.WaitAsync(Far)).LedgerCloses);
        return await File.ReadAllTextAsync(Path.Combine(run.ModelDirectory, "state"));
    }

    private static async Task<RunProgress> LastAsync(IIcpoRun run)
    {
        RunProgress? last = null;
        await foreach (RunProgress look in run.ProgressAsync())
        {
            last = look;
        }

        return last!;
    }

    private static long[] Updates(RunDirectory files) =>
        [
            .. File.ReadLines(files.Metrics)
                .Select(line => JsonDocument.Parse(line).RootElement)
                .Where(line => line.GetProperty("kind").GetString() == "update")
                .Select(line => line.GetProperty("update").GetInt64()),
        ];

    private Task<IIcpoRun> StartAsync(
        string name,
        KeyValuePair<string, string>[] settings,
        HashBackend? backend = null,
        IVerifier? verifier = null
    ) => Services([.. settings, new("run.directory", _folder.In(name))], backend, verifier).GetRequiredService<IIcpoRuns>().StartAsync();

    private static ServiceProvider Services(
        KeyValuePair<string, string>[] settings,
        HashBackend? backend = null,
        IVerifier? verifier = null
    ) =>
        new ServiceCollection()
            .AddSingleton<ITask>(new ParityTask())
            .AddSingleton(verifier ?? new ParityVerifier())
            .AddSingleton<IPolicyBackend>(backend ?? new HashBackend())
            .AddIcpo(
                IcpoConfiguration.Load(
                    new ConfigurationSources
                    {
                        Code =
                        [
                            new("run.updates", "3"),
                            new("group.policy-rollouts", "3"),
                            new("group.groups-per-update", "2"),
                            new("evaluation.final-questions", "4"),
                            new("evaluation.every", "0"),
                            new("engine.count", "1"),
                            .. settings,
                        ],
                    }
                )
            )
            .BuildServiceProvider();
}
