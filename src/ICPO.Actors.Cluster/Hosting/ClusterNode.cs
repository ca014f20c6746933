using Akka.Actor;
using ICPO.Actors.Cluster.Membership;
using ICPO.Actors.Cluster.Nodes;
using ICPO.Actors.Cluster.Security;
using ICPO.Actors.Cluster.Telemetry;
using ICPO.Actors.Configuration;
using ICPO.Actors.Configuration.Layers;
using ICPO.Actors.Configuration.Settings;
using ICPO.Actors.Runs;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace ICPO.Actors.Cluster.Hosting;

/// <summary>
/// A node that samples or verifies for a run whose core is in another process. It needs only the address of a member of the cluster; it
/// gets run, model and settings from the core.
/// </summary>
public sealed class ClusterNode : IAsyncDisposable
{
    private static readonly TimeSpan FailedStopTimeout = TimeSpan.FromSeconds(1);
    private readonly IHost _host;
    private readonly IActorRef _actor;
    private readonly ComputeParts _compute;
    private readonly ClusterIdentity? _identity;

    private ClusterNode(IHost host, IActorRef actor, ComputeParts compute, ClusterIdentity? identity) =>
        (_host, _actor, _compute, _identity) = (host, actor, compute, identity);

    /// <summary>The node's name.</summary>
    public required string Name { get; init; }

    /// <summary>Its state, for health checks.</summary>
    public required NodeState State { get; init; }

    /// <summary>Completes when the node ends; an exception states why it could not continue.</summary>
    public required Task<NodeOutcome> Completion { get; init; }

    /// <summary>Joins the cluster and starts working.</summary>
    /// <param name="configuration">The settings of this node: the section cluster, and how its machine computes.</param>
    /// <param name="report">Called with messages for the operator of the node, one sentence each; null discards them.</param>
    /// <param name="loggers">Receives warnings and errors; null discards them.</param>
    /// <param name="cancellationToken">Cancels joining.</param>
    /// <exception cref="ConfigurationException">A key of the run is set, or a certificate cannot be used.</exception>
    /// <exception cref="IOException">No seed responds in time, or the node cannot listen on the address.</exception>
    public static async Task<ClusterNode> StartAsync(
        IcpoConfiguration configuration,
        Action<string>? report = null,
        ILoggerFactory? loggers = null,
        CancellationToken cancellationToken = default
    )
    {
        ArgumentNullException.ThrowIfNull(configuration);
        ClusterSettings settings = configuration.Settings.Cluster;
        RequireSeeds(settings);
        var node = new NodeConfiguration(configuration);
        node.Check();
        ClusterMembership.RequireListening(settings);
        var identity = ClusterIdentity.Open(settings.Tls);
        var compute = new ComputeParts();
        IHost host = MemberHost.Build(settings, identity, loggers);
        try
        {
            await host.StartAsync(cancellationToken).ConfigureAwait(false);
            ActorSystem system = host.Services.GetRequiredService<ActorSystem>();
            await ClusterMembership.JoinAsync(system, settings, cancellationToken).ConfigureAwait(false);
            string name = settings.Name.Length > 0 ? settings.Name : ClusterMembership.Name(Akka.Cluster.Cluster.Get(system).SelfAddress);
            var ended = new TaskCompletionSource<NodeOutcome>(TaskCreationOptions.RunContinuationsAsynchronously);
            Action<string> say = report ?? (_ => { });
            var state = new NodeState();
            say($"node {name} has joined the cluster");
            var parts = new ClusterNodeParts
            {
                Name = name,
                Settings = settings,
                Preparation = new NodePreparation(node, identity, compute, state, say),
                Report = say,
                State = state,
                Ended = ended,
            };
            IActorRef actor = system.ActorOf(ClusterNodeActor.Props(parts), CoreDoorActor.NodePath);
            system.ActorOf(MembershipGuardActor.Props(reason => ended.TrySetException(new IOException(reason))), "icpo-membership");
            return new ClusterNode(host, actor, compute, identity)
            {
                Name = name,
                State = state,
                Completion = ended.Task,
            };
        }
        catch
        {
            await MemberHost.EndAsync(host, FailedStopTimeout).ConfigureAwait(false);
            identity?.Dispose();
            throw;
        }
    }

    /// <summary>Stops accepting work, delivers finished rollouts, and ends, which completes <see cref="Completion"/>.</summary>
    public void Leave() => _actor.Tell(ClusterNodeActor.Leave.Instance);

    /// <summary>Leaves the cluster and ends the engines.</summary>
    public async ValueTask DisposeAsync()
    {
        try
        {
            await MemberHost.EndAsync(_host).ConfigureAwait(false);
        }
        finally
        {
            await _compute.DisposeAsync().ConfigureAwait(false);
            _identity?.Dispose();
        }
    }

    private static void RequireSeeds(ClusterSettings settings)
    {
        if (settings.Seeds.IsEmpty)
        {
            throw new ConfigurationException("icpo.cluster.seeds is empty; set it to a node of the cluster to join, as host:port.");
        }

        if (settings.Roles.Contains(ClusterRole.Learner))
        {
            throw new ConfigurationException(
                "icpo.cluster.roles: a node of role learner runs the core; use IIcpoRuns with AddIcpoCluster, or ClusterStandby."
            );
        }
    }
}
