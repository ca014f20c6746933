using ICPO.Actors.Configuration.Layers;
using ICPO.Actors.Contracts.Policies;
using ICPO.Actors.Contracts.Tasks;
using ICPO.Actors.Hosting;
using ICPO.Actors.Progress;
using ICPO.Actors.RunFiles.Audit;
using ICPO.Actors.RunFiles.Directories;
using ICPO.Actors.RunFiles.Journal;
using ICPO.Actors.Runs;
using ICPO.Actors.Tests.Fakes;
using Microsoft.Extensions.DependencyInjection;

namespace ICPO.Actors.Tests.Runs;

/// <summary>Runs to their end.</summary>
public sealed class RunTests : RunTest
{
    [Fact]
    public async Task A_host_app_brings_its_own_parts_watches_its_run_and_gets_the_model()
    {
        var configuration = IcpoConfiguration.Load(
            new ConfigurationSources
            {
                Code =
                [
                    new("run.directory", Folder.In("run")),
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
        Assert.Equal([1L, 2, 3, 4], Updates(run.Directory));
    }

    public static TheoryData<string> Presets => [.. IcpoConfiguration.Presets];

    [Theory]
    [MemberData(nameof(Presets))]
    public async Task Every_preset_runs_to_its_end(string preset)
    {
        // A preset that lowers rewards near the maximum response length needs that length, which is the task's.
        IIcpoRun run = await StartAsync("run", [new("preset", preset), new("sampler.max-tokens", "8")]);
        RunSummary summary = await run.Completion.WaitAsync(Far);
        Assert.Equal(("completed", true), (summary.State, summary.LedgerCloses));
    }

    [Theory]
    [InlineData("oldest", 3)]
    [InlineData("newest", 1)]
    [InlineData("uniform", 2)]
    [InlineData("priority", 2)]
    public async Task Every_selector_and_several_samples_of_a_group_run_to_the_end(string selector, int samples)
    {
        KeyValuePair<string, string>[] settings =
        [
            new("buffer.selector", selector),
            new("buffer.samples-per-insert", $"{samples}"),
            new("run.updates", "6"),
            new("admission.max-staleness", "2"),
        ];
        IIcpoRun run = await StartAsync("run", settings);
        RunSummary summary = await run.Completion.WaitAsync(Far);
        Assert.Equal(("completed", 6, true), (summary.State, summary.Updates, summary.LedgerCloses));
        var journal = RunJournal.Open(run.Directory);
        Assert.Empty(JournalAudit.Check(journal).Faults);
        var times = journal
            .Updates.SelectMany(update => update.Groups)
            .GroupBy(group => group.Group)
            .ToDictionary(group => group.Key, group => group.Count());
        Assert.All(times, group => Assert.InRange(group.Value, 1, samples));
        Assert.All(times.Where(group => !journal.State.IsPending(group.Key)), group => Assert.Equal(samples, group.Value));
    }

    [Fact]
    public async Task A_synchronous_run_is_a_function_of_its_seed()
    {
        string first = await WeightsAsync(await StartAsync("first", Synchronous));
        Assert.Equal(first, await WeightsAsync(await StartAsync("second", Synchronous)));
        Assert.NotEqual(first, await WeightsAsync(await StartAsync("other", [.. Synchronous, new("run.seed", "2")])));
    }
}
