using ICPO.Actors.Configuration.Layers;
using ICPO.Actors.Contracts.Tasks;
using ICPO.Actors.Hosting;
using ICPO.Actors.Progress;
using ICPO.Actors.RunFiles.Directories;
using ICPO.Actors.Runs;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using OwnTask;

HostApplicationBuilder builder = Host.CreateApplicationBuilder();
builder.Services.AddSingleton<EchoTask>();
builder.Services.AddSingleton<ITask>(services => services.GetRequiredService<EchoTask>());
builder.Services.AddSingleton<IVerifier>(services => services.GetRequiredService<EchoTask>());
builder.Services.AddIcpo(
    IcpoConfiguration
        .Load()
        .With([
            new("preset", "grpo"),
            new("run.directory", args is [var directory, ..] ? directory : "run"),
            new("run.updates", args is [_, var updates, ..] ? updates : "40"),
            new("evaluation.final-questions", "200"),
        ])
);
using IHost host = builder.Build();
await host.StartAsync();

IIcpoRun run = await host.Services.GetRequiredService<IIcpoRuns>().StartAsync();
await foreach (RunProgress progress in run.ProgressAsync())
{
    Console.WriteLine($"{progress.Phase}: update {progress.Update} of {progress.Updates}, reward {progress.Reward:F2}");
}

RunSummary summary = await run.Completion;
Console.WriteLine($"{summary.State} after {summary.Updates} updates; the model is in {run.ModelDirectory}");
Console.WriteLine($"accuracy {summary.AccuracyBefore:P0} before, {summary.AccuracyAfter:P0} after");
await host.StopAsync();
