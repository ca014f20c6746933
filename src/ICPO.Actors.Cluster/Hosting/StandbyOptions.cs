using ICPO.Actors.Runs;
using Microsoft.Extensions.Logging;

namespace ICPO.Actors.Cluster.Hosting;

/// <summary>Options of a standby.</summary>
public sealed record StandbyOptions
{
    /// <summary>The existing directory of the run in this process; null creates it in <c>run.directory</c>, or in <c>runs/ID</c>.</summary>
    public string? Directory { get; init; }

    /// <summary>How the run is resumed when this process takes it over.</summary>
    public ResumeOptions Resume { get; init; } = new();

    /// <summary>True if a run that has ended is to be continued, too, e.g. because it was extended.</summary>
    public bool ResumesEnded { get; init; }

    /// <summary>Called with messages for the operator, one sentence each.</summary>
    public Action<string> Report { get; init; } = _ => { };

    /// <summary>Receives warnings and errors; null discards them.</summary>
    public ILoggerFactory? Loggers { get; init; }

    /// <summary>The host app's services, if it provides parts of the run; otherwise null.</summary>
    public IServiceProvider? Services { get; init; }
}
