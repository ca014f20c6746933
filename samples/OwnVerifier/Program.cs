using ICPO.Actors.Configuration.Layers;
using ICPO.Actors.Contracts.Rollouts;
using ICPO.Actors.Contracts.Tasks;
using ICPO.Actors.Hosting;
using ICPO.Actors.Progress;
using ICPO.Actors.RunFiles.Directories;
using ICPO.Actors.Runs;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

HostApplicationBuilder builder = Host.CreateApplicationBuilder();
builder.Services.AddSingleton<IVerifier, LastDigits>();
builder.Services.AddIcpo(
    IcpoConfiguration
        .Load()
        .With([
            new("run.directory", args is [var directory, ..] ? directory : "run"),
            new("run.updates", "5"),
            new("group.groups-per-update", "8"),
            new("evaluation.final-questions", "50"),
        ])
);
using IHost host = builder.Build();
await host.StartAsync(); // from here on, Ctrl-C and SIGTERM stop the run with a checkpoint

IIcpoRun run = await host.Services.GetRequiredService<IIcpoRuns>().StartAsync();
await foreach (RunProgress progress in run.ProgressAsync())
{
    Console.WriteLine($"{progress.Phase}: update {progress.Update} of {progress.Updates}, reward {progress.Reward:F2}");
}

RunSummary summary = await run.Completion;
Console.WriteLine($"{summary.State} after {summary.Updates} updates; the model is in {run.ModelDirectory}");
Console.WriteLine($"accuracy {summary.AccuracyBefore:P0} before, {summary.AccuracyAfter:P0} after");
await host.StopAsync();

/// <summary>Correct if the last four digits are.</summary>
internal sealed class LastDigits : IVerifier
{
    public string Name => "last-digits";

    public ValueTask<Judgment> VerifyAsync(Question question, string response, FinishReason finish, CancellationToken cancellationToken) =>
        ValueTask.FromResult(
            response.Length < 5 ? Judgment.Unparseable("no digits at the end")
            : response[^5..] == question.Answer[^5..] ? Judgment.Correct(response[^5..^1])
            : Judgment.Wrong(response[^5..^1])
        );
}
