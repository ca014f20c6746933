using System.CommandLine;
using ICPO.Actors.Configuration.Layers;
using ICPO.Actors.Host.CommandLine;
using ICPO.Actors.Host.Views;
using ICPO.Actors.Hosting;
using ICPO.Actors.RunFiles.Directories;
using ICPO.Actors.Runs;
using ICPO.Actors.Tasks.Datasets;
using Microsoft.Extensions.DependencyInjection;

namespace ICPO.Actors.Host.Commands;

/// <summary><c>icpo train</c>.</summary>
internal static class TrainCommand
{
    public static Command Create(Terminal terminal, StopSignals signals)
    {
        var options = new ConfigurationOptions();
        var resume = new Option<string?>("--resume")
        {
            Description = "Goes on with the run in this directory, under its own configuration.",
            HelpName = "DIR",
        };
        var output = new Option<string?>("--output", "-o")
        {
            Description = "Directory of the run (--set run.directory=…).",
            HelpName = "DIR",
        };
        Option<string?> model = ModelOptions.Model();
        var data = new Option<string?>("--data", "-d")
        {
            Description = "Questions to train on: JSON lines, .jsonl.gz or Parquet (--set task.name=jsonl, task.jsonl.path=…).",
            HelpName = "FILE",
        };
        var command = new ExampledCommand(
            "train",
            "Trains a model: by default the bundled one on the built-in task by ICPO. Ctrl-C stops cleanly, with a checkpoint and exit code 130; a second one ends at once.",
            "icpo train\nicpo train --config hocon/runs/smollm2-arithmetic.conf --model PATH\nicpo train --model PATH --data questions.jsonl\nicpo train --preset grpo --seed 2 --set run.updates=50 --output runs/grpo-2\nicpo train --resume runs/grpo-2"
        );
        options.AddTo(command);
        command.Add(model);
        command.Add(data);
        command.Add(output);
        command.Add(resume);
        command.SetAction(
            async (parsed, cancellation) =>
            {
                string? directory = parsed.GetValue(resume);
                if (
                    directory is not null
                    && (options.AnyGiven(parsed) || new[] { output, model, data }.Any(o => parsed.GetValue(o) is not null))
                )
                {
                    throw new UsageException(
                        "--resume takes the configuration that lies in the run's directory; leave out the other options."
                    );
                }

                IcpoConfiguration configuration = directory is not null
                    ? IcpoConfiguration.Load(new ConfigurationSources { Environment = Connection() })
                    : options.Load(
                        parsed,
                        [
                            .. parsed.GetValue(output) is { } path ? [$"run.directory={path}"] : Array.Empty<string>(),
                            .. parsed.GetValue(model) is { } weights ? [$"model.path={weights}"] : Array.Empty<string>(),
                            .. parsed.GetValue(data) is { } questions
                                ? [$"task.name={JsonlTask.TaskName}", $"task.jsonl.path={questions}"]
                                : Array.Empty<string>(),
                        ]
                    );
                (RunSummary summary, IIcpoRun run) = await RunAsync(
                    configuration,
                    directory,
                    RunViews.For(terminal),
                    signals.Token,
                    terminal.Error
                );
                Say(summary, run, terminal.Out);
                return summary.State == "stopped" ? ExitCode.Stopped : ExitCode.Done;
            }
        );
        return command;
    }

    /// <summary>A resumed run has its own configuration, but for the password of its journal's server.</summary>
    private static Dictionary<string, string> Connection() =>
        ConfigurationSources
            .ProcessEnvironment()
            .Where(variable =>
                variable.Key.Equals(
                    $"{ConfigurationSources.EnvironmentPrefix}JOURNAL__CONNECTION_STRING",
                    StringComparison.OrdinalIgnoreCase
                )
            )
            .ToDictionary();

    /// <summary>Trains and shows how it goes, to the end or until a stop is asked for.</summary>
    public static async Task<(RunSummary Summary, IIcpoRun Run)> RunAsync(
        IcpoConfiguration configuration,
        string? resume,
        IRunView view,
        CancellationToken stop,
        TextWriter? notes = null
    )
    {
        await using ServiceProvider services = new ServiceCollection()
            .AddSingleton(FaultInjection.FromEnvironment())
            .AddIcpo(configuration)
            .BuildServiceProvider();
        IIcpoRuns runs = services.GetRequiredService<IIcpoRuns>();
        IIcpoRun run = resume is null ? await runs.StartAsync(stop) : await runs.ResumeAsync(resume, stop);
        foreach (string note in run.Notes)
        {
            notes?.WriteLine($"icpo: {note}");
        }

        try
        {
            Task stopping = StopWhenAskedAsync(run, stop);
            await view.ShowAsync(run, stop);
            RunSummary summary = await run.Completion;
            await stopping;
            return (summary, run);
        }
        catch (Exception e)
        {
            throw new FailedRunException(Path.Combine(run.Directory, "run.log"), e);
        }
    }

    private static async Task StopWhenAskedAsync(IIcpoRun run, CancellationToken stop)
    {
        await Task.WhenAny(run.Completion, Task.Delay(Timeout.InfiniteTimeSpan, stop));
        if (!run.Completion.IsCompleted)
        {
            await run.StopAsync(CancellationToken.None);
        }
    }

    private static void Say(RunSummary summary, IIcpoRun run, TextWriter output)
    {
        if (summary.State == "stopped")
        {
            output.WriteLine($"Stopped; go on with: icpo train --resume {run.Directory}");
        }

        output.WriteLine($"Model: {run.ModelDirectory}");
        output.WriteLine($"Report: {Path.Combine(run.Directory, "report.html")}");
        output.WriteLine(Sentences.Of(summary));
    }
}
