using System.Collections.Immutable;
using Akka.Actor;
using ICPO.Actors.Cluster.Core;
using ICPO.Actors.Cluster.Election;
using ICPO.Actors.Cluster.Membership;
using ICPO.Actors.Cluster.Security;
using ICPO.Actors.Configuration.Settings;
using ICPO.Actors.Contracts.Nodes;
using ICPO.Actors.Hosting;
using ICPO.Actors.Runs;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace ICPO.Actors.Cluster.Standby;

/// <summary>Starts the core of a run in a process that is a member of its cluster already.</summary>
/// <param name="system">The actor system of the process.</param>
/// <param name="identity">The TLS identity; null for plain text.</param>
/// <param name="loggers">The logger factory of the host app.</param>
/// <param name="parts">The parts that the host app adds to every run.</param>
internal sealed class Takeover(ActorSystem system, ClusterIdentity? identity, ILoggerFactory loggers, IEnumerable<IRunHostPart> parts)
    : IAsyncDisposable
{
    private IHost? _host;
    private (string? Token, Akka.Cluster.UniqueAddress? Member) _found;

    /// <summary>The core; null before it is started.</summary>
    public CoreEndpoint? Core { get; private set; }

    /// <summary>The run; null before it is started.</summary>
    public RunContext? Run { get; private set; }

    /// <summary>Starts the run's actors here, and makes them available to nodes.</summary>
    /// <param name="run">The resumed run.</param>
    /// <param name="own">The identity of this process.</param>
    /// <param name="election">The election that this process has won.</param>
    /// <param name="door">The actor to which nodes send their messages.</param>
    /// <param name="cancellationToken">Cancels the start.</param>
    public async Task StartAsync(
        RunContext run,
        CoreIdentity own,
        CoreElection election,
        IActorRef door,
        CancellationToken cancellationToken
    )
    {
        ClusterSettings settings = run.Settings.Cluster;
        var endpoint = new CoreEndpoint(run, RunModelFiles.Read(run.Directory)) { Election = election };
        (run.Endpoint, run.LocalRoles) = (endpoint, Roles(settings));
        _host = Build(run, new FilesServer(settings, identity, endpoint));
        await _host.StartAsync(cancellationToken).ConfigureAwait(false);
        endpoint.Open(system, door);
        (Core, Run, own.Core) = (endpoint, run, endpoint);
        system.StartRun(run, loggers);
    }

    /// <summary>True if the lease's holder is a member of this cluster; remembers which.</summary>
    public bool Find(LeaseRow? row)
    {
        if (row is not { IsLive: true, Holder: { Seed.Length: > 0 } holder })
        {
            return false;
        }

        Akka.Cluster.Member? member = Akka
            .Cluster.Cluster.Get(system)
            .State.Members.FirstOrDefault(member => ClusterMembership.Name(member.Address) == holder.Seed);
        if (member is not null && _found.Token != holder.Token)
        {
            _found = (holder.Token, member.UniqueAddress);
        }

        return member is not null;
    }

    /// <summary>
    /// Removes the replaced core from the cluster, so that its nodes stop waiting for it, but not a process that was restarted at its
    /// address.
    /// </summary>
    public void Remove(LeaseRow? replaced)
    {
        var cluster = Akka.Cluster.Cluster.Get(system);
        if (
            _found is (var token, { } old)
            && token == replaced?.Holder.Token
            && !old.Equals(cluster.SelfUniqueAddress)
            && cluster.State.Members.Any(member => member.UniqueAddress.Equals(old))
        )
        {
            cluster.Down(old.Address);
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_host is { } host)
        {
            await MemberHost.EndAsync(host).ConfigureAwait(false);
        }
    }

    /// <summary>The services of the run besides its actors; the actor system exists already.</summary>
    private IHost Build(RunContext run, FilesServer server)
    {
        HostApplicationBuilder builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        builder.Services.AddSingleton<IHostLifetime, NoLifetime>();
        builder.Services.AddSingleton(loggers);
        builder.Services.AddSingleton<IHostedService>(server);
        foreach (IRunHostPart part in parts)
        {
            part.AddServices(builder.Services, run);
        }

        return builder.Build();
    }

    private static ImmutableArray<NodeRole> Roles(ClusterSettings settings) =>
        [.. settings.Roles.Where(role => role != ClusterRole.Learner).Select(role => Enum.Parse<NodeRole>(role.ToString()))];
}
