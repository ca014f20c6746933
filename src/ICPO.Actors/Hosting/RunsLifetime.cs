using Microsoft.Extensions.Hosting;

namespace ICPO.Actors.Hosting;

/// <summary>
/// Ties runs to the host app: when the app stops, every run stops with a checkpoint. Runs are notified immediately, and the host waits for
/// them before it stops its other services, as long as its shutdown timeout lets it.
/// </summary>
internal sealed class RunsLifetime(ActiveRuns runs, IHostApplicationLifetime lifetime) : IHostedLifecycleService, IDisposable
{
    private CancellationTokenRegistration _registration;

    public Task StartingAsync(CancellationToken cancellationToken)
    {
        // An app that does not wait for its shutdown never calls StoppingAsync.
        _registration = lifetime.ApplicationStopping.Register(() => _ = runs.StopAllAsync());
        return Task.CompletedTask;
    }

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppingAsync(CancellationToken cancellationToken) => runs.StopAllAsync().WaitAsync(cancellationToken);

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>
    /// Waits for runs that started while the app was stopping already. That the app may not wait longer is reported by
    /// <see cref="StoppingAsync"/>.
    /// </summary>
    public async Task StoppedAsync(CancellationToken cancellationToken) =>
        await runs.StopAllAsync().WaitAsync(cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);

    public void Dispose() => _registration.Dispose();
}
