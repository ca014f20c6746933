using ICPO.Actors.Contracts.Identity;
using ICPO.Actors.Contracts.Policies;
using ICPO.Actors.Contracts.Tasks;
using ICPO.Actors.Progress;
using ICPO.Actors.RunFiles.Directories;
using ICPO.Actors.Runs;
using ICPO.Actors.Tests.Fakes;
using Microsoft.Extensions.DependencyInjection;

namespace ICPO.Actors.Tests.Runs;

/// <summary>Runs that end because a verifier, an engine or the learner fails.</summary>
public sealed class RunFailureTests : RunTest
{
    [Fact]
    public async Task A_verifier_that_always_throws_ends_the_run_with_an_error()
    {
        IIcpoRun run = await StartAsync("run", [new("evaluation.at-start", "false")], more: services =>
            services.AddSingleton<IVerifier>(new ScriptedVerifier((_, _) => throw new FormatException("no number")))
        );
        RunFailedException error = await Assert.ThrowsAsync<RunFailedException>(() => run.Completion.WaitAsync(Far));
        Assert.Contains("verifier", error.Message, StringComparison.Ordinal);
        Assert.Contains("no number", await File.ReadAllTextAsync(new RunDirectory(run.Directory).Log), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_verifier_that_fails_on_every_question_of_an_evaluation_ends_the_run()
    {
        IIcpoRun run = await StartAsync("run", [], more: services =>
            services.AddSingleton<IVerifier>(new ScriptedVerifier((_, _) => throw new FormatException("no number")))
        );
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

        IIcpoRun again = await ResumeAsync("run", Synchronous);
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

    private static async Task<RunProgress> LastAsync(IIcpoRun run)
    {
        RunProgress? last = null;
        await foreach (RunProgress look in run.ProgressAsync())
        {
            last = look;
        }

        return last!;
    }
}
