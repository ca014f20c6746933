using Akka.Hosting;
using ICPO.Actors.Runs;
using Microsoft.Extensions.DependencyInjection;

namespace ICPO.Actors.Hosting;

/// <summary>
/// Adds to the host and the actor system that <see cref="IIcpoRuns"/> starts for a run, e.g. what makes it the core of a cluster.
/// </summary>
public interface IRunHostPart
{
    /// <summary>Adds services; hosted ones start before the actor system does and stop after it.</summary>
    void AddServices(IServiceCollection services, RunContext run);

    /// <summary>Configures the actor system.</summary>
    void Configure(AkkaConfigurationBuilder akka, RunContext run);
}
