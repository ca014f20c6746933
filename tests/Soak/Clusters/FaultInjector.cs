using TestSupport;

namespace ICPO.Actors.Soak.Clusters;

/// <summary>Lets processes of a cluster fail, and measures how long the run takes to go on.</summary>
internal sealed class FaultInjector(SoakedCluster cluster, PostgresServer server)
{
    private static readonly TimeSpan Deadline = TimeSpan.FromMinutes(2);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(20);
    private static readonly TimeSpan Answer = TimeSpan.FromMilliseconds(200);

    /// <summary>Lets something fail, and waits for the next update.</summary>
    /// <param name="fault">What fails.</param>
    /// <param name="core">The core before.</param>
    /// <exception cref="TimeoutException">The run does not go on in time.</exception>
    public async Task<ClusterFault> InjectAsync(PlannedFault fault, CoreState core)
    {
        FaultKind kind = fault.Kind;
        long begun = TimeProvider.System.GetTimestamp();
        await FailAsync(fault, core.Learner);
        double? lease = null;
        while (TimeProvider.System.GetElapsedTime(begun) < Deadline)
        {
            if (await cluster.Search.FindAsync(Answer) is { } now && (!kind.EndsCore() || now.Address != core.Address))
            {
                double seconds = TimeProvider.System.GetElapsedTime(begun).TotalSeconds;
                lease ??= kind.EndsCore() && now.Status.Nodes.Any(node => node is { Leases: > 0 } or { Rollouts: > 0 }) ? seconds : null;
                if ((lease is not null || !kind.EndsCore()) && now.IsTraining && now.Status.Update > core.Status.Update)
                {
                    return new ClusterFault(kind, lease, seconds);
                }
            }

            await Task.Delay(Pause);
        }

        throw new TimeoutException($"The run has not gone on after a fault ({kind}).");
    }

    private async Task FailAsync(PlannedFault fault, string core)
    {
        foreach (string name in fault.Processes(core))
        {
            if (fault.Kind.IsStop())
            {
                await cluster.StopAsync(name, fault.Time);
            }
            else
            {
                cluster.Kill(name);
            }
        }

        if (fault.Kind == FaultKind.ServerKilled)
        {
            await server.KillAsync();
            await server.UpAsync();
        }
    }
}
