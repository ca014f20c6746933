using Akka.Cluster.Hosting;
using Akka.Hosting;
using ICPO.Actors.Cluster.Security;
using ICPO.Actors.Configuration.Settings;

namespace ICPO.Actors.Cluster.Membership;

/// <summary>Makes an actor system a member of a cluster.</summary>
internal static class MembershipExtensions
{
    public static AkkaConfigurationBuilder WithIcpoMembership(
        this AkkaConfigurationBuilder builder,
        ClusterSettings settings,
        ClusterIdentity? identity
    )
    {
        if (identity is not null)
        {
            builder.AddSetup(identity.Remoting);
        }

        return builder
            .WithClustering(new ClusterOptions { Roles = [.. settings.Roles.Select(role => role.ToString().ToLowerInvariant())] })
            .AddHocon(ClusterHocon.Create(settings), HoconAddMode.Prepend);
    }
}
