using Akka.Actor;
using ICPO.Actors.Cluster.Nodes;
using ICPO.Actors.Cluster.Security;
using ICPO.Actors.Configuration.Layers;
using ICPO.Actors.Runs;
using Microsoft.Extensions.Logging;

namespace ICPO.Actors.Cluster.Standby;

/// <summary>The parts of a standby.</summary>
internal sealed record StandbyParts
{
    /// <summary>Its display name.</summary>
    public required string Name { get; init; }

    /// <summary>The actor system, a member of the cluster.</summary>
    public required ActorSystem System { get; init; }

    /// <summary>The TLS identity; null for plain text.</summary>
    public required ClusterIdentity? Identity { get; init; }

    /// <summary>The part of the configuration that a process may set for itself.</summary>
    public required NodeConfiguration Node { get; init; }

    public required StandbyRun Run { get; init; }

    /// <summary>The settings of this process.</summary>
    public required IcpoConfiguration Configuration { get; init; }

    /// <summary>How the run is resumed.</summary>
    public required ResumeOptions Resume { get; init; }

    /// <summary>True if a run that has ended is to be continued, too.</summary>
    public required bool ResumesEnded { get; init; }

    /// <summary>Called with messages for the operator, one sentence each.</summary>
    public required Action<string> Report { get; init; }

    /// <summary>Receives warnings and errors; null discards them.</summary>
    public required ILoggerFactory? Loggers { get; init; }

    /// <summary>The host app's services; null for none.</summary>
    public required IServiceProvider? Services { get; init; }
}
