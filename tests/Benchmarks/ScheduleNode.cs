using System.Globalization;
using Akka.Actor;
using ICPO.Actors.Cluster.Membership;
using ICPO.Actors.Configuration.Layers;
using ICPO.Actors.Configuration.Settings;
using ICPO.Actors.Contracts.Rollouts;
using ICPO.Actors.Nodes;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using TestSupport;

namespace ICPO.Actors.Benchmarks;

/// <summary>A node of the product whose engines are simulated: in the core's process, or in one of its own.</summary>
internal static class ScheduleNode
{
    /// <summary>The first argument of a process that is such a node.</summary>
    public const string Command = "schedule-node";

    private const int Tokens = 30;

    public static TimeSpan VerifierTimeout { get; } = TimeSpan.FromMinutes(1);

    /// <param name="name">Of the node.</param>
    /// <param name="engines">How many.</param>
    /// <param name="slots">Sequences at once of each engine.</param>
    /// <param name="duration">Of each response; zero if engines respond at once.</param>
    public static NodeParts Parts(string name, int engines, int slots, TimeSpan duration = default) =>
        new()
        {
            Name = name,
            Device = "none",
            Engines = engines,
            CreateEngine = _ => new SimulatedEngine(slots, Tokens, duration),
            Tokenizer = new LetterTokenizer(),
            Sampler = new SamplerSettings { MaxTokens = Tokens },
            Verifier = new ParityVerifier(),
            VerifierTimeout = VerifierTimeout,
            VerifierParallel = 2 * Environment.ProcessorCount,
        };

    /// <summary>The arguments of <see cref="RunAsync"/>.</summary>
    public static string[] Arguments(int port, string name, int engines, int slots, TimeSpan duration) =>
        [Command, Text(port), name, Text(engines), Text(slots), Text((int)duration.TotalMilliseconds)];

    /// <summary>Joins the core that listens on a port of this machine, and works until standard input ends.</summary>
    public static async Task<int> RunAsync(string[] arguments)
    {
        int port = Number(arguments[1]),
            engines = Number(arguments[3]),
            slots = Number(arguments[4]),
            milliseconds = Number(arguments[5]);
        ClusterSettings settings = Settings($"cluster.seeds=[\"127.0.0.1:{Text(port)}\"]");
        using IHost host = MemberHost.Build(settings, identity: null, loggers: null);
        await host.StartAsync();
        ActorSystem system = host.Services.GetRequiredService<ActorSystem>();
        await ClusterMembership.JoinAsync(system, settings);
        IActorRef locator = system.ActorOf(CoreLocatorActor.Props(ActorRefs.Nobody));
        NodeParts parts = Parts(arguments[2], engines, slots, TimeSpan.FromMilliseconds(milliseconds)) with
        {
            Transport = new ClusterTransport(locator),
        };
        system.ActorOf(NodeActor.Props(parts, ActorRefs.Nobody), CoreDoorActor.NodePath);
        await Console.In.ReadToEndAsync();
        return 0;
    }

    /// <summary>The settings of a process of the cluster.</summary>
    public static ClusterSettings Settings(params string[] overrides) =>
        IcpoConfiguration
            .Load(new ConfigurationSources { Overrides = ["cluster.port=0", "cluster.join-timeout=2m", .. overrides] })
            .Settings.Cluster;

    private static int Number(string text) => int.Parse(text, CultureInfo.InvariantCulture);

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
