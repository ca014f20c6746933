using ICPO.Actors.Runs;
using Microsoft.Extensions.Logging;

namespace ICPO.Actors.Cluster.Hosting;

/// <summary>How a process stands by for a run.</summary>
public sealed record StandbyOptions
{
    /// <summary>
    /// The directory of the run in this process, where it has one already; null makes it in <c>run.directory</c>, or in
    /// <c>runs/ID</c>.
    /// </summary>
    public string? Directory { get; init; }

    /// <summary>How the run is resumed when this process takes it over.</summary>
    public ResumeOptions Resume { get; init; } = new();

    /// <summary>True also continues a run that has ended, e.g. because it is made longer.</summary>
    public bool ResumesEnded { get; init; }

    /// <summary>Called with what the operator should see, one sentence each.</summary>
    public Action<string> Report { get; init; } = _ => { };

    /// <summary>Gets warnings and errors; null drops them.</summary>
    public ILoggerFactory? Loggers { get; init; }

    /// <summary>The host app's services, where it makes parts of the run itself; null for none.</summary>
    public IServiceProvider? Services { get; init; }
}
