using System.Collections.Immutable;
using System.CommandLine;
using ICPO.Actors.Cluster.Client;
using ICPO.Actors.Cluster.Hosting;
using ICPO.Actors.Cluster.Nodes;
using ICPO.Actors.Configuration.Layers;
using ICPO.Actors.Configuration.Settings;
using ICPO.Actors.Host.CommandLine;
using ICPO.Actors.Host.Telemetry;
using ICPO.Actors.Hosting;
using ICPO.Actors.Runs;
using Microsoft.Extensions.DependencyInjection;

namespace ICPO.Actors.Host.Commands;

/// <summary><c>icpo node</c>.</summary>
internal sealed class NodeCommand(Terminal terminal, StopSignals signals)
{
    private readonly ConfigurationOptions _configuration = new();
    private readonly Option<string?> _role = new("--role")
    {
        Description = "Roles of the node, separated by commas: rollout, expert, verifier, learner (--set cluster.roles=…).",
        HelpName = "ROLES",
    };
    private readonly Option<string[]> _seed = new("--seed")
    {
        Description = "Address of a node to join; may be repeated (--set cluster.seeds=…).",
        HelpName = "HOST:PORT",
    };
    private readonly Option<string?> _run = new("--run")
    {
        Description = "HOCON file of the run that a learner starts.",
        HelpName = "FILE",
    };
    private readonly Option<string?> _resume = new("--resume")
    {
        Description = "Directory of the run that a learner resumes.",
        HelpName = "DIR",
    };

    public static Command Create(Terminal terminal, StopSignals signals) => new NodeCommand(terminal, signals).Create();

    private CommandWithExamples Create()
    {
        var command = new CommandWithExamples(
            "node",
            "Runs one node of a run on several processes or machines. A node of role learner runs the core; the others join it "
                + "and need only an address of the cluster. On SIGTERM a node delivers its rollouts and ends (exit code 0), and a learner "
                + "stops the run, unless a standby is ready to continue it (exit code 0).",
            [
                "icpo node --role learner --run hocon/runs/quick.conf --set cluster.port=4053",
                "icpo node --role rollout,expert,verifier --seed 127.0.0.1:4053",
                "icpo node --role learner --resume runs/DIR --set cluster.port=4053",
            ]
        );
        _configuration.AddTo(command, withPreset: false);
        command.Add(_role);
        command.Add(_seed);
        command.Add(_run);
        command.Add(_resume);
        command.SetAction((parsed, _) => RunAsync(parsed));
        return command;
    }

    private async Task<int> RunAsync(ParseResult parsed)
    {
        ImmutableArray<string> own = Own(parsed);
        ConfigurationFile? file = parsed.GetValue(_run) is { } run ? ConfigurationFile.Open(run) : null;
        IcpoConfiguration configuration = _configuration.Load(parsed, own, file);
        return configuration.Settings.Cluster.Roles.Contains(ClusterRole.Learner)
            ? await RunLearnerAsync(configuration, parsed, own)
            : await RunWorkerAsync(configuration, parsed);
    }

    /// <summary>The keys that --role and --seed set.</summary>
    private ImmutableArray<string> Own(ParseResult parsed)
    {
        string? roles = parsed.GetValue(_role);
        string[] seeds = parsed.GetValue(_seed) ?? [];
        return
        [
            .. ModelOptions.Override("cluster.roles", roles is null ? null : List(roles.Split(','))),
            .. ModelOptions.Override("cluster.seeds", seeds.Length == 0 ? null : List(seeds)),
        ];
    }

    private static string List(string[] items) => $"[{string.Join(", ", items.Select(item => $"\"{item}\""))}]";

    private async Task<int> RunWorkerAsync(IcpoConfiguration configuration, ParseResult parsed)
    {
        if (parsed.GetResult(_run) is not null || parsed.GetResult(_resume) is not null)
        {
            throw new UsageException("--run and --resume require the role learner; other nodes get the run from the core.");
        }

        var identity = TelemetryIdentity.Create(configuration.Settings, run: "");
        Terminal lines = configuration.Settings.Telemetry.LogsJson ? terminal.AsJson(() => identity.Fields) : terminal;
        await using NodeTelemetry telemetry = await NodeTelemetry.StartAsync(configuration.Settings, lines.WriteNote, signals.Token);
        await using ClusterNode node = await ClusterNode.StartAsync(configuration, lines.Out.WriteLine, loggers: null, signals.Token);
        await using CancellationTokenRegistration leaving = signals.Token.Register(node.Leave);
        _ = telemetry.FollowAsync(node, run => identity = identity with { Run = run, Node = node.Name });
        NodeOutcome outcome = await node.Completion;
        lines.Out.WriteLine(outcome.Message);
        return ExitCode.Done;
    }

    private async Task<int> RunLearnerAsync(IcpoConfiguration configuration, ParseResult parsed, ImmutableArray<string> own)
    {
        string? resume = parsed.GetValue(_resume);
        if (resume is null && parsed.GetValue(_run) is null)
        {
            return configuration.Settings.Cluster.Seeds.IsEmpty
                ? throw new UsageException(
                    "A node of role learner needs a run: --run FILE, --resume DIR for one that was interrupted, or --seed HOST:PORT to "
                        + "stand by for the run of a cluster."
                )
                : await StandByAsync(configuration, new StandbyOptions());
        }

        if (resume is not null && ClusterRuns.HasFailover(resume))
        {
            var options = new StandbyOptions
            {
                Directory = resume,
                Resume = new ResumeOptions { Changes = Changes(parsed, own) },
                ResumesEnded = true,
            };
            return await StandByAsync(configuration, options);
        }

        var telemetry = new TelemetryRunPart(terminal.WriteNote);
        Terminal lines = Lines(configuration.Settings, telemetry);
        await using ServiceProvider services = new ServiceCollection()
            .AddSingleton(FaultInjection.FromEnvironment())
            .AddSingleton<IRunHostPart>(telemetry)
            .AddIcpo(configuration)
            .AddIcpoCluster(core => SayAddress(core, lines.Out))
            .BuildServiceProvider();
        IIcpoRuns runs = services.GetRequiredService<IIcpoRuns>();
        IIcpoRun run = resume is null
            ? await runs.StartAsync(signals.Token)
            : await runs.ResumeAsync(resume, new ResumeOptions { Changes = Changes(parsed, own) }, signals.Token);
        if (resume is not null || !ClusterRuns.HasFailover(configuration.Settings))
        {
            lines.Out.WriteLine(
                "The journal is in files of this process, so there is no failover; set journal.connection-string to enable it."
            );
        }

        return await new RunFollower(lines, signals, "icpo node --role learner --resume").FollowAsync(run);
    }

    private Terminal Lines(RunSettings settings, TelemetryRunPart telemetry)
    {
        var starting = TelemetryIdentity.Create(settings, run: "");
        return settings.Telemetry.LogsJson ? terminal.AsJson(() => (telemetry.Identity ?? starting).Fields) : terminal;
    }

    /// <summary>Stands by for a run, and runs its core once no other process does.</summary>
    private async Task<int> StandByAsync(IcpoConfiguration configuration, StandbyOptions options)
    {
        await using StandbyTelemetry telemetry = await StandbyTelemetry.StartAsync(
            configuration.Settings,
            terminal.WriteNote,
            signals.Token
        );
        Terminal lines = configuration.Settings.Telemetry.LogsJson ? terminal.AsJson(() => telemetry.Identity.Fields) : terminal;
        await using ServiceProvider services = new ServiceCollection()
            .AddSingleton(FaultInjection.FromEnvironment())
            .AddSingleton<IRunHostPart>(telemetry)
            .BuildServiceProvider();
        await using ClusterStandby standby = await ClusterStandby.StartAsync(
            configuration,
            options with
            {
                Report = lines.Out.WriteLine,
                Services = services,
            },
            signals.Token
        );
        telemetry.StandsBy();
        await using CancellationTokenRegistration leaving = signals.Token.Register(standby.Leave);
        if (await standby.TakenOver is not { } run)
        {
            return ExitCode.Done;
        }

        SayAddress(ClusterAddress.Read(run.Directory), lines.Out);
        return await new RunFollower(lines, signals, "icpo node --role learner --resume").FollowAsync(run);
    }

    private ConfigurationSources Changes(ParseResult parsed, ImmutableArray<string> own)
    {
        ConfigurationSources changes = _configuration.Changes(parsed);
        return changes with { Overrides = [.. changes.Overrides, .. own] };
    }

    private static void SayAddress(ClusterAddress core, TextWriter output) =>
        output.WriteLine($"Nodes join with: icpo node --seed {core.Seed}; state: icpo cluster status {core.Files}");
}
