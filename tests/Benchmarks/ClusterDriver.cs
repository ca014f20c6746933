using System.Diagnostics;
using Akka.Actor;
using Akka.Hosting;
using ICPO.Actors.Cluster.Membership;
using ICPO.Actors.Configuration.Settings;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace ICPO.Actors.Benchmarks;

/// <summary>
/// As <see cref="ScheduleDriver"/>, with nodes in processes of their own: membership, transport, serialization and everything behind them
/// are the product's; engines and learner are simulated.
/// </summary>
internal sealed class ClusterDriver(string folder) : IAsyncDisposable
{
    private static readonly TimeSpan Deadline = TimeSpan.FromMinutes(5);
    private readonly ScheduleStore _store = new(folder);
    private readonly List<Process> _nodes = [];
    private IHost? _host;

    /// <summary>Runs until a number of updates is committed.</summary>
    /// <param name="updates">Updates.</param>
    /// <param name="processes">Nodes, each in a process of its own.</param>
    /// <param name="engines">Of each node.</param>
    /// <param name="slots">Sequences at once of each engine.</param>
    /// <param name="duration">Of each response; zero if engines respond at once.</param>
    public async Task<ClusterCost> RunAsync(long updates, int processes, int engines, int slots, TimeSpan duration)
    {
        await _store.OpenAsync();
        ClusterSettings settings = ScheduleNode.Settings("cluster.roles=[learner]");
        _host = MemberHost.Build(settings, identity: null, loggers: null, akka =>
            akka.AddHocon(_store.Hocon, HoconAddMode.Prepend).AddHocon(ScheduleStore.Defaults, HoconAddMode.Append).AddSetup(_store.Setup)
        );
        await _host.StartAsync();
        ActorSystem system = _host.Services.GetRequiredService<ActorSystem>();
        await ClusterMembership.JoinAsync(system, settings);
        IActorRef door = system.ActorOf(CoreDoorActor.Props(), CoreDoorActor.Name);
        int port = Akka.Cluster.Cluster.Get(system).SelfAddress.Port!.Value;
        for (int node = 0; node < processes; node++)
        {
            _nodes.Add(Start(ScheduleNode.Arguments(port, $"node-{node}", engines, slots, duration)));
        }

        TimeSpan computed = TimeSpan.Zero;
        long sent = 0;
        var parts = new ScheduleParts
        {
            Payloads = _store.Payloads,
            Buffer = _store.Buffer,
            Updates = updates,
            Nodes = processes,
            Start = (_, gateway, epoch) => door.Tell(new CoreDoorActor.Opened(gateway, epoch)),
            Opened = () => (computed, sent) = (Environment.CpuUsage.TotalTime, Loopback()),
            Done = new TaskCompletionSource<TimeSpan>(TaskCreationOptions.RunContinuationsAsynchronously),
        };
        system.ActorOf(ScheduleCore.Props(parts), "core");
        TimeSpan elapsed = await parts.Done.Task.WaitAsync(Deadline);
        return new ClusterCost(elapsed / updates, (Environment.CpuUsage.TotalTime - computed) / updates, (Loopback() - sent) / updates);
    }

    public async ValueTask DisposeAsync()
    {
        if (_host is not null)
        {
            await MemberHost.EndAsync(_host);
        }

        foreach (Process node in _nodes)
        {
            node.Kill();
            await node.WaitForExitAsync();
            node.Dispose();
        }

        _store.Dispose();
    }

    private static Process Start(string[] arguments)
    {
        string executable = Path.Combine(AppContext.BaseDirectory, Path.GetFileNameWithoutExtension(Environment.ProcessPath!));
        return Process.Start(new ProcessStartInfo(executable, arguments) { RedirectStandardInput = true })!;
    }

    /// <summary>Bytes that the loopback interface has received since the machine started; 0 where the system does not count them.</summary>
    private static long Loopback()
    {
        const string Counters = "/sys/class/net/lo/statistics/rx_bytes";
        return File.Exists(Counters) ? long.Parse(File.ReadAllText(Counters), System.Globalization.CultureInfo.InvariantCulture) : 0;
    }
}

/// <summary>What an update costs.</summary>
/// <param name="Elapsed">Wall-clock time.</param>
/// <param name="Core">Processor time of the core's process.</param>
/// <param name="Bytes">Bytes on the loopback interface, of all processes together.</param>
internal readonly record struct ClusterCost(TimeSpan Elapsed, TimeSpan Core, long Bytes);
