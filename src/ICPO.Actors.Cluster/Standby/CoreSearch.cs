using Akka.Actor;
using ICPO.Actors.Cluster.Membership;
using ICPO.Actors.Contracts.Nodes;

namespace ICPO.Actors.Cluster.Standby;

/// <summary>Requests the run's description from the core of a cluster until it responds.</summary>
internal static class CoreSearch
{
    private static readonly TimeSpan Answer = TimeSpan.FromSeconds(1);

    /// <param name="system">A member of the cluster.</param>
    /// <param name="node">The display name of this process.</param>
    /// <param name="timeout">The time limit.</param>
    /// <param name="cancellationToken">Cancels the search.</param>
    /// <exception cref="IOException">No core has responded in time, or it rejects this process; states the reason.</exception>
    public static async Task<RunDescription> DescribeAsync(
        ActorSystem system,
        string node,
        TimeSpan timeout,
        CancellationToken cancellationToken
    )
    {
        IActorRef locator = system.ActorOf(CoreLocatorActor.Props(ActorRefs.Nobody));
        long begun = TimeProvider.System.GetTimestamp();
        try
        {
            while (TimeProvider.System.GetElapsedTime(begun) < timeout)
            {
                try
                {
                    object answer = await locator
                        .Ask<object>(new DescribeRun(node, ProductVersion.Current), Answer, cancellationToken)
                        .ConfigureAwait(false);
                    return answer as RunDescription ?? throw new IOException((answer as Refused)?.Reason ?? $"{answer}");
                }
                catch (AskTimeoutException)
                {
                    // No process runs the core yet.
                }
            }
        }
        finally
        {
            system.Stop(locator);
        }

        throw new IOException($"No core has responded within {timeout.TotalSeconds:0} s; start one, then restart this node.");
    }
}
