using System.Globalization;
using ICPO.Actors.Configuration.Hocon;
using ICPO.Actors.Configuration.Settings;

namespace ICPO.Actors.Cluster.Membership;

/// <summary>The HOCON of a cluster's actor systems.</summary>
internal static class ClusterHocon
{
    /// <summary>The name of every actor system of a cluster.</summary>
    public const string System = "icpo";

    /// <summary>The role of nodes that can run the core.</summary>
    public const string Learner = "learner";

    /// <summary>
    /// Heartbeats tolerate long pauses, because engines and learner compute on all cores; a failover does not wait for them. No member is
    /// removed by Akka's own downing provider: the core does that (<see cref="MemberRemovalActor"/>), and a disconnected worker ends
    /// itself.
    /// </summary>
    private const string Timing = """
        akka {
          actor.provider = cluster
          coordinated-shutdown { exit-clr = off, run-by-clr-shutdown-hook = off, run-by-actor-system-terminate = on }
          remote.retry-gate-closed-for = 1s
          cluster {
            downing-provider-class = ""
            run-coordinated-shutdown-when-down = off
            log-info = off
            gossip-interval = 200ms
            leader-actions-interval = 200ms
            periodic-tasks-initial-delay = 200ms
            unreachable-nodes-reaper-interval = 500ms
            retry-unsuccessful-join-after = 1s
            seed-node-timeout = 2s
            down-removal-margin = 1s
            failure-detector { heartbeat-interval = 500ms, acceptable-heartbeat-pause = 8s, expected-response-after = 500ms }
          }
        }

        """;

    public static string Create(ClusterSettings settings) =>
        Timing
        + string.Create(
            CultureInfo.InvariantCulture,
            $$"""
            akka.remote.dot-netty.tcp {
              hostname = {{HoconWriter.Scalar(settings.Host)}}
              public-hostname = {{HoconWriter.Scalar(settings.Host)}}
              port = {{settings.Port}}
              enable-ssl = {{(settings.Tls is null ? "off" : "on")}}
              maximum-frame-size = 8 MiB
              send-buffer-size = 8 MiB
              receive-buffer-size = 8 MiB
            }

            """
        );
}
