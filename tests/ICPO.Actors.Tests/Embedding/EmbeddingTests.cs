using ICPO.Actors.Configuration.Layers;
using ICPO.Actors.Contracts.Rollouts;
using ICPO.Actors.Contracts.Tasks;
using ICPO.Actors.Hosting;
using ICPO.Actors.Progress;
using ICPO.Actors.RunFiles.Directories;
using ICPO.Actors.Runs;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace ICPO.Actors.Tests.Embedding;

/// <summary>The README's example, run for real: the bundled model, a verifier of the host app's own.</summary>
public sealed class EmbeddingTests(ITestOutputHelper output)
{
    // <readme>
    /// <summary>Right if the last four digits are: how the model got there is its own affair.</summary>
    private sealed class LastDigits : IVerifier
    {
        public string Name => "last-digits";

        public ValueTask<Judgment> VerifyAsync(
            Question question,
            string response,
            FinishReason finish,
            CancellationToken cancellationToken
        ) =>
            ValueTask.FromResult(
                response.Length < 5 ? Judgment.Unparseable("no digits at the end")
                : response[^5..] == question.Answer[^5..] ? Judgment.Correct(response[^5..^1])
                : Judgment.Wrong(response[^5..^1])
            );
    }

    private static async Task<RunSummary> TrainAsync(string directory, Action<string> say)
    {
        HostApplicationBuilder builder = Host.CreateApplicationBuilder();
        builder.Services.AddSingleton<IVerifier, LastDigits>();
        builder.Services.AddIcpo(
            IcpoConfiguration
                .Load()
                .With([
                    new("run.directory", directory),
                    new("run.updates", "5"),
                    new("group.groups-per-update", "8"),
                    new("evaluation.final-questions", "50"),
                ])
        );
        using IHost host = builder.Build();

        IIcpoRun run = await host.Services.GetRequiredService<IIcpoRuns>().StartAsync();
        await foreach (RunProgress look in run.ProgressAsync())
        {
            say($"update {look.Update} of {look.Updates}, reward {look.Reward:F2}, {look.TrainedTokensPerSecond:F0} tokens/s");
        }

        RunSummary summary = await run.Completion;
        say($"{summary.AccuracyBefore:P0} became {summary.AccuracyAfter:P0}; the model lies in {run.ModelDirectory}");
        return summary;
    }

    // </readme>

    [Fact]
    public async Task A_host_app_trains_with_a_verifier_of_its_own()
    {
        using var folder = new TemporaryFolder();

        RunSummary summary = await TrainAsync(folder.Path, output.WriteLine);

        Assert.Equal("completed", summary.State);
        Assert.Equal(5, summary.Updates);
        Assert.True(summary.LedgerCloses);
        Assert.True(File.Exists(Path.Combine(folder.Path, summary.Model!, "model.safetensors")));
    }

    [Fact]
    public void The_readme_shows_these_lines()
    {
        string source = File.ReadAllText(Repository.In("tests", "ICPO.Actors.Tests", "Embedding", "EmbeddingTests.cs"));
        string region = source.Split("    // <readme>\n")[1].Split("    // </readme>\n")[0];
        string lines = string.Join(
            '\n',
            region.Split('\n').Select(line => line.StartsWith("    ", StringComparison.Ordinal) ? line[4..] : line)
        );

        Assert.Contains($"```csharp\n{lines}```\n", File.ReadAllText(Repository.In("README.md")), StringComparison.Ordinal);
    }
}
