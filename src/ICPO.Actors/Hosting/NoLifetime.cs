using Microsoft.Extensions.Hosting;

namespace ICPO.Actors.Hosting;

/// <summary>The lifetime of a run's internal host: the run starts and stops it, and it handles no signals.</summary>
internal sealed class NoLifetime : IHostLifetime
{
    public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
