using System.CommandLine;
using System.Text.Json;
using ICPO.Actors.Cluster.Client;
using ICPO.Actors.Configuration.Layers;
using ICPO.Actors.Host.Clusters;
using ICPO.Actors.Host.CommandLine;
using ICPO.Actors.Host.Views;

namespace ICPO.Actors.Host.Commands;

/// <summary><c>icpo cluster</c>.</summary>
internal sealed class ClusterCommand(Terminal terminal, StopSignals signals)
{
    private static readonly TimeSpan Refresh = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Takeover = TimeSpan.FromSeconds(20);
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { WriteIndented = true };
    private readonly ConfigurationOptions _configuration = new();

    public static Command Create(Terminal terminal, StopSignals signals) => new ClusterCommand(terminal, signals).Create();

    private CommandWithExamples Create() =>
        new(
            "cluster",
            "Starts, shows and stops runs on several processes; icpo node starts a single process.",
            ["icpo cluster up --nodes 3", "icpo cluster status runs/mine", "icpo cluster stop runs/mine"]
        )
        {
            Up(),
            Status(),
            Drain(),
            Stop(),
        };

    private CommandWithExamples Up()
    {
        var nodes = new Option<int>("--nodes", "-n")
        {
            Description = "Processes: up to 3, one learner; from 4 on, a second one as standby. The others sample and verify.",
            HelpName = "N",
            DefaultValueFactory = _ => 3,
        };
        var command = new CommandWithExamples(
            "up",
            "Starts a run in several processes on this machine, restarts those that fail, and ends when the run ends. With 4 processes or "
                + "more the journal is on PostgreSQL (a private server if none is configured) and a second learner takes over if the "
                + "first one fails. Ctrl-C stops the run with a checkpoint.",
            ["icpo cluster up", "icpo cluster up --nodes 4 --config hocon/runs/quick.conf"]
        )
        {
            nodes,
        };
        _configuration.AddTo(command, withPreset: false);
        command.SetAction(
            async (parsed, _) =>
            {
                int count = parsed.GetValue(nodes);
                UsageException.ThrowIfLess(count, 2, nodes.Name);
                using var supervisor = new LocalCluster(terminal, signals);
                return await supervisor.RunAsync(_configuration.Load(parsed), count);
            }
        );
        return command;
    }

    private CommandWithExamples Status()
    {
        Argument<string> core = Core();
        var watch = new Option<bool>("--watch", "-w") { Description = "Refresh every second until Ctrl-C." };
        var json = new Option<bool>("--json") { Description = "One JSON object." };
        var command = new CommandWithExamples(
            "status",
            "Shows the members of a cluster, the state of its run, and the state of every node.",
            ["icpo cluster status runs/DIR", "icpo cluster status http://127.0.0.1:5053 --watch"]
        )
        {
            core,
            watch,
            json,
        };
        AddTls(command);
        command.SetAction(
            async (parsed, _) =>
            {
                var view = new ClusterView(terminal);
                TimeSpan patience = TimeSpan.Zero;
                do
                {
                    ClusterStatus status = await StatusAsync(parsed, core, patience);
                    patience = Takeover;
                    if (parsed.GetValue(json))
                    {
                        terminal.Out.WriteLine(JsonSerializer.Serialize(status, Json));
                    }
                    else
                    {
                        view.Show(status, parsed.GetValue(watch));
                    }

                    if (parsed.GetValue(watch))
                    {
                        await Task.Delay(Refresh, signals.Token);
                    }
                } while (parsed.GetValue(watch));

                return ExitCode.Done;
            }
        );
        return command;
    }

    /// <summary>The status of the core, which may be another one after a takeover.</summary>
    /// <exception cref="IOException">No core has responded in time.</exception>
    private async Task<ClusterStatus> StatusAsync(ParseResult parsed, Argument<string> core, TimeSpan patience)
    {
        long begun = TimeProvider.System.GetTimestamp();
        while (true)
        {
            try
            {
                using ClusterClient client = Client(parsed, core);
                return await client.StatusAsync(signals.Token);
            }
            catch (IOException) when (TimeProvider.System.GetElapsedTime(begun) < patience)
            {
                await Task.Delay(Refresh, signals.Token);
            }
        }
    }

    private CommandWithExamples Drain()
    {
        Argument<string> core = Core();
        var node = new Argument<string>("node") { Description = "The node's name, as icpo cluster status shows it.", HelpName = "NODE" };
        var command = new CommandWithExamples(
            "drain",
            "Drains a node: it delivers its rollouts and ends.",
            ["icpo cluster drain runs/DIR 127.0.0.1:40211"]
        )
        {
            core,
            node,
        };
        AddTls(command);
        command.SetAction(
            async (parsed, _) =>
            {
                using ClusterClient client = Client(parsed, core);
                string name = parsed.GetRequiredValue(node);
                if (!await client.DrainAsync(name, signals.Token))
                {
                    throw new UsageException($"The cluster has no node {name}; icpo cluster status shows their names.");
                }

                return ExitCode.Done;
            }
        );
        return command;
    }

    private CommandWithExamples Stop()
    {
        Argument<string> core = Core();
        var command = new CommandWithExamples(
            "stop",
            "Stops the run with a checkpoint after the update in progress; its nodes end.",
            ["icpo cluster stop runs/DIR"]
        )
        {
            core,
        };
        AddTls(command);
        command.SetAction(
            async (parsed, _) =>
            {
                using ClusterClient client = Client(parsed, core);
                await client.StopAsync(signals.Token);
                return ExitCode.Done;
            }
        );
        return command;
    }

    private static Argument<string> Core() =>
        new("core") { Description = "The directory of the run, or the address of its core's HTTP server.", HelpName = "DIR|URL" };

    private void AddTls(Command command) => _configuration.AddTo(command, withPreset: false);

    private ClusterClient Client(ParseResult parsed, Argument<string> core)
    {
        string named = parsed.GetRequiredValue(core);
        bool isAddress = Uri.TryCreate(named, UriKind.Absolute, out Uri? address) && address.Scheme is "http" or "https";
        IcpoConfiguration configuration = _configuration.Load(parsed);
        return new ClusterClient(isAddress ? address! : ClusterAddress.Read(named).Files, configuration.Settings.Cluster.Tls);
    }
}
