using ICPO.Actors.Cluster.Client;
using ICPO.Actors.Cluster.Core;
using ICPO.Actors.Hosting;
using Microsoft.Extensions.DependencyInjection;

namespace ICPO.Actors.Cluster.Hosting;

/// <summary>Registers the cluster in a host app.</summary>
public static class ClusterHosting
{
    /// <summary>
    /// Makes every run that <c>IIcpoRuns</c> starts the core of a cluster, under the keys of <c>icpo.cluster</c>: nodes of other processes
    /// sample and verify for it.
    /// </summary>
    /// <param name="services">The host app's services, with <c>AddIcpo</c>.</param>
    /// <param name="started">Called with the address of a core that nodes can join; may be null.</param>
    public static IServiceCollection AddIcpoCluster(this IServiceCollection services, Action<ClusterAddress>? started = null) =>
        services.AddSingleton<IRunHostPart>(new ClusterCorePart(started ?? (_ => { })));
}
