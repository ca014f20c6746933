using ICPO.Actors.Composition;
using ICPO.Actors.Configuration.Layers;
using ICPO.Actors.Hosting;
using ICPO.Actors.Inference;
using ICPO.Actors.Runs;
using ICPO.Actors.Tests.Journals;
using Microsoft.Extensions.DependencyInjection;

namespace ICPO.Actors.Tests.Inference;

/// <summary>A model that answers while a run of the same process trains.</summary>
public sealed class BesideTrainingTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(0)]
    [InlineData(2)]
    public async Task A_model_answers_while_a_run_trains_and_then_what_the_run_has_trained_does(int loraRank)
    {
        await using ServiceProvider services = new ServiceCollection()
            .AddIcpo(
                IcpoConfiguration
                    .Load()
                    .With([
                        new("run.directory", _folder.In("run")),
                        new("run.updates", "2"),
                        new("model.lora.rank", $"{loraRank}"),
                        new("group.groups-per-update", "2"),
                        new("evaluation.at-start", "false"),
                        new("evaluation.final-questions", "8"),
                    ])
            )
            .BuildServiceProvider();
        var greedy = new GenerationOptions { Temperature = 0, MaxTokens = 20 };
        await using LanguageModel model = await LanguageModel.LoadAsync(BundledModel.Path);
        string before = (await model.GenerateAsync("AB3142=", greedy)).Text;

        IIcpoRun run = await services.GetRequiredService<IIcpoRuns>().StartAsync();
        int answered = 0;
        do
        {
            Assert.Equal(before, (await model.GenerateAsync("AB3142=", greedy)).Text);
            answered++;
        } while (!run.Completion.IsCompleted);

        await run.Completion.WaitAsync(FinishedRun.Far);
        Assert.True(answered > 1);
        await using LanguageModel trained = await LanguageModel.LoadAsync(run.Directory);
        Assert.Equal(run.ModelDirectory, loraRank > 0 ? trained.Adapter : trained.Path);
        Assert.NotEmpty((await trained.GenerateAsync("AB3142=", greedy)).Text);
    }
}
