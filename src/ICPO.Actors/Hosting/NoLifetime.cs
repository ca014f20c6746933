using Microsoft.Extensions.Hosting;

namespace ICPO.Actors.Hosting;

/// <summary>The lifetime of a run's own host: the run starts and ends it, and it takes no signals from the app around it.</summary>
internal sealed class NoLifetime : IHostLifetime
{
    public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
