using Akka.Hosting;
using ICPO.Actors.Cluster.Client;
using ICPO.Actors.Cluster.Membership;
using ICPO.Actors.Cluster.Security;
using ICPO.Actors.Configuration.Settings;
using ICPO.Actors.Contracts.Nodes;
using ICPO.Actors.Hosting;
using ICPO.Actors.Runs;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace ICPO.Actors.Cluster.Core;

/// <summary>Makes the process of a run the core of a cluster, whose nodes sample and verify for it.</summary>
internal sealed class ClusterCorePart(Action<ClusterAddress> report) : IRunHostPart
{
    public void AddServices(IServiceCollection services, RunContext run)
    {
        ClusterSettings settings = run.Settings.Cluster;
        ClusterMembership.RequireListening(settings);
        var identity = ClusterIdentity.Open(settings.Tls);
        var endpoint = new CoreEndpoint(run, RunModelFiles.Read(run.Directory));
        run.Endpoint = endpoint;
        run.NodeName = settings.Name.Length > 0 ? settings.Name : run.NodeName;
        run.LocalRoles =
        [
            .. settings.Roles.Where(role => role != ClusterRole.Learner).Select(role => Enum.Parse<NodeRole>(role.ToString())),
        ];
        services.AddSingleton(endpoint);
        var own = new CoreIdentity(settings, run.Directory) { Core = endpoint };
        if (run.Database.IsServer)
        {
            services.AddSingleton<IHostedService>(new CoreOwnership(run, endpoint, own));
        }

        services.AddSingleton<IHostedService>(new FilesServer(settings, identity, endpoint));
    }

    public void Configure(AkkaConfigurationBuilder akka, RunContext run)
    {
        ClusterSettings settings = run.Settings.Cluster;
        akka.WithIcpoMembership(settings, ClusterIdentity.Open(settings.Tls))
            .AddStartup(
                async (system, _) =>
                {
                    await ClusterMembership.JoinAsync(system, settings).ConfigureAwait(false);
                    var endpoint = (CoreEndpoint)run.Endpoint!;
                    system.ActorOf(MembershipGuardActor.Props(endpoint.Removed), "icpo-membership");
                    endpoint.Open(system, system.ActorOf(CoreDoorActor.Props(), CoreDoorActor.Name));
                    report(endpoint.Address!);
                }
            );
    }
}
