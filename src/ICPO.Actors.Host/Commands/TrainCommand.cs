using System.CommandLine;
using ICPO.Actors.Configuration.Layers;
using ICPO.Actors.Configuration.Settings;
using ICPO.Actors.Dashboard;
using ICPO.Actors.Host.CommandLine;
using ICPO.Actors.Host.Dashboards;
using ICPO.Actors.Host.Telemetry;
using ICPO.Actors.Hosting;
using ICPO.Actors.Runs;
using ICPO.Actors.Tasks.Datasets;
using Microsoft.Extensions.DependencyInjection;

namespace ICPO.Actors.Host.Commands;

/// <summary><c>icpo train</c>.</summary>
internal sealed class TrainCommand(Terminal terminal, StopSignals signals)
{
    private readonly ConfigurationOptions _configuration = new();
    private readonly Option<string?> _model = ModelOptions.Model();
    private readonly Option<string?> _resume = new("--resume")
    {
        Description = "Resume the run in this directory with its own configuration; --set changes the keys that may change.",
        HelpName = "DIR",
    };
    private readonly Option<bool> _accept = ResumeRequest.AcceptChangedInputs();
    private readonly Option<string?> _output = new("--output", "-o")
    {
        Description = "Run directory (--set run.directory=…).",
        HelpName = "DIR",
    };
    private readonly Option<string?> _data = new("--data", "-d")
    {
        Description = "Training questions: JSON lines, .jsonl.gz or Parquet (--set task.name=jsonl, task.jsonl.path=…).",
        HelpName = "FILE",
    };

    private readonly Option<string?> _dashboard = new("--dashboard")
    {
        Description =
            $"Show the run in a browser while it is active, at {DashboardOptions.Default.Host}:{DashboardOptions.DefaultPort} or another "
            + "address; see icpo dashboard.",
        HelpName = "HOST:PORT",
        Arity = ArgumentArity.ZeroOrOne,
    };

    private readonly Option<bool> _endWithInput = new(ParentWatch.Option)
    {
        Description = "End immediately at the end of standard input.",
        Hidden = true,
    };

    public static Command Create(Terminal terminal, StopSignals signals) => new TrainCommand(terminal.Lenient(), signals).Create();

    private CommandWithExamples Create()
    {
        var command = new CommandWithExamples(
            "train",
            "Trains a model; by default the bundled model with ICPO on the built-in task. Ctrl-C, SIGTERM and SIGHUP (unless it is "
                + "ignored, as under nohup) stop the run with a checkpoint (exit code 130); a second Ctrl-C or SIGTERM ends it "
                + "immediately.",
            [
                "icpo train",
                "icpo train --config hocon/runs/smollm2-arithmetic.conf --model PATH",
                "icpo train --model PATH --data questions.jsonl",
                "icpo train --preset grpo --seed 2 --set run.updates=50 --output runs/grpo-2",
                "icpo train --dashboard",
                "icpo train --resume runs/grpo-2",
                "icpo train --resume runs/grpo-2 --set run.updates=100",
            ]
        );
        _configuration.AddTo(command);
        command.Add(_model);
        command.Add(_data);
        command.Add(_output);
        command.Add(_resume);
        command.Add(_accept);
        command.Add(_dashboard);
        command.Add(_endWithInput);
        command.SetAction((parsed, _) => RunAsync(parsed));
        return command;
    }

    private async Task<int> RunAsync(ParseResult parsed)
    {
        if (parsed.GetValue(_endWithInput))
        {
            ParentWatch.Start(Console.OpenStandardInput());
        }

        ResumeRequest? resume = parsed.GetValue(_resume) is { } directory ? Resume(parsed, directory) : null;
        if (resume?.Finished() is { } finished)
        {
            resume.WriteFinished(finished, terminal.Out);
            return ExitCode.Done;
        }

        await using DashboardServer? dashboard = await StartDashboardAsync(parsed);
        await using ServiceProvider services = new ServiceCollection()
            .AddSingleton(FaultInjection.FromEnvironment())
            .AddSingleton<IRunHostPart>(new TelemetryRunPart(terminal.WriteNote))
            .AddIcpo(resume is null ? LoadConfiguration(parsed) : IcpoConfiguration.Load())
            .BuildServiceProvider();
        IIcpoRuns runs = services.GetRequiredService<IIcpoRuns>();
        signals.Token.ThrowIfCancellationRequested();

        // Whoever follows the run stops it on request, also while it starts.
        IIcpoRun run = resume is null ? await runs.StartAsync() : await runs.ResumeAsync(resume.Directory, resume.Options);
        dashboard?.Show(run.Directory);
        return await new RunFollower(terminal, signals).FollowAsync(run);
    }

    /// <summary>Starts before the run, so that an address that is in use is reported before anything is computed.</summary>
    private async Task<DashboardServer?> StartDashboardAsync(ParseResult parsed)
    {
        if (parsed.GetResult(_dashboard) is not { Implicit: false })
        {
            return null;
        }

        ListenAddress? listen = parsed.GetValue(_dashboard) is { } text
            ? ListenOption.Parse(text, _dashboard.Name, DashboardOptions.Default)
            : null;
        DashboardServer server = await DashboardHost.StartAsync(listen, signals.Token);
        terminal.Out.WriteLine($"Dashboard: {server.Address}");
        return server;
    }

    private IcpoConfiguration LoadConfiguration(ParseResult parsed)
    {
        if (parsed.GetValue(_accept))
        {
            throw new UsageException($"{_accept.Name} requires --resume; a new run records its current inputs.");
        }

        string? data = parsed.GetValue(_data);
        return _configuration.Load(
            parsed,
            [
                .. ModelOptions.Override("run.directory", parsed.GetValue(_output)),
                .. ModelOptions.Overrides(parsed, _model),
                .. ModelOptions.Override("task.name", data is null ? null : JsonlTask.TaskName),
                .. ModelOptions.Override("task.jsonl.path", data),
            ]
        );
    }

    /// <summary>A resumed run has its own configuration; keys that may change are set by --set and the environment.</summary>
    /// <exception cref="UsageException">Another option is given.</exception>
    private ResumeRequest Resume(ParseResult parsed, string directory)
    {
        Option[] others = [.. _configuration.Except(ConfigurationOptions.SetName), _output, _model, _data];
        if (others.FirstOrDefault(option => parsed.GetResult(option) is { Implicit: false }) is { } other)
        {
            throw new UsageException(
                $"--resume continues with the configuration stored in the run directory; omit {other.Name}, and use --set for the keys "
                    + "that may change."
            );
        }

        return new ResumeRequest(
            directory,
            new ResumeOptions { Changes = _configuration.Changes(parsed), AcceptChangedInputs = parsed.GetValue(_accept) }
        );
    }
}
