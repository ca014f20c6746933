using Akka.Actor;
using ICPO.Actors.Cluster.Nodes;
using ICPO.Actors.Cluster.Security;
using ICPO.Actors.Configuration.Layers;
using ICPO.Actors.Runs;
using Microsoft.Extensions.Logging;

namespace ICPO.Actors.Cluster.Standby;

/// <summary>What a standby works with.</summary>
internal sealed record StandbyParts
{
    /// <summary>Its name, for people.</summary>
    public required string Name { get; init; }

    /// <summary>A member of the cluster.</summary>
    public required ActorSystem System { get; init; }

    /// <summary>Null is plain text.</summary>
    public required ClusterIdentity? Identity { get; init; }

    /// <summary>What of the configuration a process may set for itself.</summary>
    public required NodeConfiguration Node { get; init; }

    public required StandbyRun Run { get; init; }

    /// <summary>Of this process.</summary>
    public required IcpoConfiguration Configuration { get; init; }

    /// <summary>How the run is resumed.</summary>
    public required ResumeOptions Resume { get; init; }

    /// <summary>True also continues a run that has ended.</summary>
    public required bool ResumesEnded { get; init; }

    /// <summary>Called with what the operator should see, one sentence each.</summary>
    public required Action<string> Report { get; init; }

    /// <summary>Gets warnings and errors; null drops them.</summary>
    public required ILoggerFactory? Loggers { get; init; }

    /// <summary>The host app's services; null for none.</summary>
    public required IServiceProvider? Services { get; init; }
}
