using Akka.Actor;
using ICPO.Actors.Cluster.Membership;
using ICPO.Actors.Contracts.Nodes;

namespace ICPO.Actors.Cluster.Standby;

/// <summary>Asks the core of a cluster what the run is, until it answers.</summary>
internal static class CoreSearch
{
    private static readonly TimeSpan Answer = TimeSpan.FromSeconds(1);

    /// <param name="system">A member of the cluster.</param>
    /// <param name="node">The name of this process, for people.</param>
    /// <param name="timeout">How long to ask.</param>
    /// <param name="cancellationToken">Ends asking.</param>
    /// <exception cref="IOException">No core has answered in time, or it refuses this process; says why.</exception>
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
                    // Nobody runs the core yet.
                }
            }
        }
        finally
        {
            system.Stop(locator);
        }

        throw new IOException($"No core has answered within {timeout.TotalSeconds:0} s; start one, and this node again.");
    }
}
