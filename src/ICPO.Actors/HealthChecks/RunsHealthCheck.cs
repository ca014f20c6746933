using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace ICPO.Actors.HealthChecks;

/// <summary>Reads the runs and judges them.</summary>
internal sealed class RunsHealthCheck(Func<HealthCheckResult> judge) : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        HealthCheckResult result = judge();

        // The host app may have configured another failure status.
        bool isUnhealthy = result.Status == HealthStatus.Unhealthy;
        return Task.FromResult(
            isUnhealthy ? new HealthCheckResult(context.Registration.FailureStatus, result.Description, data: result.Data) : result
        );
    }
}
