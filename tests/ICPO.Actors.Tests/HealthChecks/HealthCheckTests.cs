using ICPO.Actors.Hosting;
using ICPO.Actors.Runs;
using ICPO.Actors.Tests.Journals;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace ICPO.Actors.Tests.HealthChecks;

/// <summary>The health checks of a host app with real runs.</summary>
public sealed class HealthCheckTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly TaskCompletionSource _begun = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _goOn = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_run_is_unhealthy_once_it_has_failed_until_another_one_starts()
    {
        bool fails = true;
        var backend = new HashBackend
        {
            BeforeUpdate = async _ =>
            {
                _begun.TrySetResult();
                await _goOn.Task;
                if (fails)
                {
                    throw new InvalidOperationException("the learner broke");
                }
            },
        };
        IServiceCollection added = FinishedRun.Add(new ServiceCollection(), backend);
        added.AddLogging();
        added.AddHealthChecks().AddIcpo(options => options.StalledAfter = TimeSpan.Zero, tags: ["live"]);
        await using ServiceProvider services = added.BuildServiceProvider();
        HealthCheckService checks = services.GetRequiredService<HealthCheckService>();
        Assert.Equal(HealthStatus.Healthy, (await checks.CheckHealthAsync()).Status);

        IIcpoRun run = await StartAsync(services, "failing");
        await _begun.Task.WaitAsync(FinishedRun.Far);
        HealthReport stalled = await checks.CheckHealthAsync(check => check.Tags.Contains("live"));
        Assert.Equal(3, stalled.Entries.Count);
        Assert.Equal(HealthStatus.Healthy, stalled.Entries["icpo-runs"].Status);
        Assert.Equal(HealthStatus.Unhealthy, stalled.Entries["icpo-stalled"].Status);

        _goOn.SetResult();
        await Assert.ThrowsAsync<RunFailedException>(() => run.Completion.WaitAsync(FinishedRun.Far));
        HealthReport failed = await checks.CheckHealthAsync();
        Assert.Equal(HealthStatus.Unhealthy, failed.Entries["icpo-runs"].Status);
        Assert.Contains("the learner broke", failed.Entries["icpo-runs"].Description, StringComparison.Ordinal);

        fails = false;
        IIcpoRun second = await StartAsync(services, "second");
        Assert.Equal("completed", (await second.Completion.WaitAsync(FinishedRun.Far)).State);
        Assert.Equal(HealthStatus.Healthy, (await checks.CheckHealthAsync()).Status);
    }

    private Task<IIcpoRun> StartAsync(IServiceProvider services, string name) =>
        services
            .GetRequiredService<IIcpoRuns>()
            .StartAsync(options =>
                options.Configuration = services
                    .GetRequiredService<ICPO.Actors.Configuration.Layers.IcpoConfiguration>()
                    .With([new("run.directory", _folder.In(name))])
            );
}
