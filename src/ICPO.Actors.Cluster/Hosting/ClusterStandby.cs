using System.Collections.Immutable;
using Akka.Actor;
using ICPO.Actors.Cluster.Membership;
using ICPO.Actors.Cluster.Nodes;
using ICPO.Actors.Cluster.Security;
using ICPO.Actors.Cluster.Standby;
using ICPO.Actors.Configuration;
using ICPO.Actors.Configuration.Layers;
using ICPO.Actors.Configuration.Settings;
using ICPO.Actors.Hosting;
using ICPO.Actors.Runs;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace ICPO.Actors.Cluster.Hosting;

/// <summary>
/// A process that takes over the core of a run when its host fails: it joins the cluster, copies checkpoints as they are written, and
/// resumes the run when its lease is no longer renewed. The run's journal must be on a PostgreSQL server to which this process has access.
/// </summary>
public sealed class ClusterStandby : IAsyncDisposable
{
    private readonly IHost _host;
    private readonly ClusterIdentity? _identity;
    private readonly StandbyWork _work;

    private ClusterStandby(IHost host, ClusterIdentity? identity, StandbyWork work) => (_host, _identity, _work) = (host, identity, work);

    /// <summary>The node's name.</summary>
    public required string Name { get; init; }

    /// <summary>
    /// The run, once this process has taken it over; null if it has ended elsewhere or this process was asked to leave. An exception states
    /// why it can no longer be a standby.
    /// </summary>
    public Task<IIcpoRun?> TakenOver => _work.TakenOver;

    /// <summary>Joins the cluster as a standby.</summary>
    /// <param name="configuration">
    /// The settings of this node: the section cluster, how its machine computes, and the locations of data, model and database.
    /// </param>
    /// <param name="options">Options of the standby; null for the defaults.</param>
    /// <param name="cancellationToken">Cancels joining.</param>
    /// <exception cref="ConfigurationException">A key of the run is set, or the run's journal is not on a server.</exception>
    /// <exception cref="IOException">No seed or no core responds in time, or the address or the directory cannot be used.</exception>
    public static async Task<ClusterStandby> StartAsync(
        IcpoConfiguration configuration,
        StandbyOptions? options = null,
        CancellationToken cancellationToken = default
    )
    {
        ArgumentNullException.ThrowIfNull(configuration);
        options ??= new StandbyOptions();
        ClusterSettings settings = configuration.Settings.Cluster;
        if (!settings.Roles.Contains(ClusterRole.Learner))
        {
            throw new ConfigurationException("icpo.cluster.roles: a standby needs the role learner.");
        }

        if (settings.Seeds.IsEmpty && options.Directory is null)
        {
            throw new ConfigurationException("icpo.cluster.seeds is empty; set it to a node of the cluster to join, as host:port.");
        }

        var node = new NodeConfiguration(configuration);
        if (options.Directory is null)
        {
            node.Check();
        }

        ClusterMembership.RequireListening(settings);
        var identity = ClusterIdentity.Open(settings.Tls);
        IHost host = MemberHost.Build(settings, identity, options.Loggers, akka => akka.WithLaterRuns());
        StandbyWork? work = null;
        try
        {
            StandbyRun? run = options.Directory is { } known ? StandbyRun.Open(known, configuration) : null;
            await host.StartAsync(cancellationToken).ConfigureAwait(false);
            ActorSystem system = host.Services.GetRequiredService<ActorSystem>();
            ImmutableArray<string> seeds = run is null
                ? settings.Seeds
                : await run.SeedsAsync(settings, cancellationToken).ConfigureAwait(false);
            await ClusterMembership.JoinAsync(system, settings with { Seeds = seeds }, cancellationToken).ConfigureAwait(false);
            string name = settings.Name.Length > 0 ? settings.Name : ClusterMembership.Name(Akka.Cluster.Cluster.Get(system).SelfAddress);
            options.Report($"node {name} has joined the cluster");
            run ??= StandbyRun.Create(
                await CoreSearch.DescribeAsync(system, name, settings.JoinTimeout, cancellationToken).ConfigureAwait(false),
                configuration
            );
            work = new StandbyWork(
                new StandbyParts
                {
                    Name = name,
                    System = system,
                    Identity = identity,
                    Node = node,
                    Run = run,
                    Configuration = configuration,
                    Resume = options.Resume,
                    ResumesEnded = options.ResumesEnded,
                    Report = options.Report,
                    Loggers = options.Loggers,
                    Services = options.Services,
                }
            );
            await work.StartAsync(cancellationToken).ConfigureAwait(false);
            return new ClusterStandby(host, identity, work) { Name = name };
        }
        catch
        {
            if (work is not null)
            {
                await work.DisposeAsync().ConfigureAwait(false);
            }

            await MemberHost.EndAsync(host, TimeSpan.FromSeconds(1)).ConfigureAwait(false);
            identity?.Dispose();
            throw;
        }
    }

    /// <summary>Stops the standby; a run that it has taken over continues.</summary>
    public void Leave() => _work.Leave();

    /// <summary>Leaves the cluster. A run that it has taken over must be stopped before.</summary>
    public async ValueTask DisposeAsync()
    {
        try
        {
            await _work.DisposeAsync().ConfigureAwait(false);
        }
        finally
        {
            await MemberHost.EndAsync(_host).ConfigureAwait(false);
            _identity?.Dispose();
        }
    }
}
