using System.Collections.Immutable;
using Akka.Actor;
using Akka.Cluster;
using ICPO.Actors.Cluster.Membership;
using ICPO.Actors.Nodes;
using ICPO.Actors.Progress;
using ICPO.Actors.Runs;

namespace ICPO.Actors.Cluster.Client;

/// <summary>A member of the cluster.</summary>
/// <param name="Address">Its address, as host:port.</param>
/// <param name="Roles">Its roles, sorted.</param>
/// <param name="State">The state of its membership, e.g. Up or Leaving.</param>
/// <param name="IsReachable">False if its heartbeats are missing.</param>
/// <param name="IsCore">True for the node that runs the core.</param>
public sealed record MemberStatus(string Address, ImmutableArray<string> Roles, string State, bool IsReachable, bool IsCore);

/// <summary>The state of a cluster as its core sees it.</summary>
public sealed record ClusterStatus
{
    /// <summary>The run's id.</summary>
    public required string Run { get; init; }

    /// <summary>The run's directory at the core.</summary>
    public required string Directory { get; init; }

    public required string Phase { get; init; }

    /// <summary>Committed updates.</summary>
    public required long Update { get; init; }

    /// <summary>T.</summary>
    public required long Updates { get; init; }

    /// <summary>Accuracy at the last evaluation, in [0, 1]; null before it.</summary>
    public required double? Accuracy { get; init; }

    public required double GeneratedTokensPerSecond { get; init; }

    public required double TrainedTokensPerSecond { get; init; }

    /// <summary>Rollouts that this core has leased once more: what failures of nodes and of the core before it cost.</summary>
    public long RolloutsLeasedAgain { get; init; }

    /// <summary>
    /// The longest time between two renewals of the core's lease, in seconds, which must stay below cluster.failover-after; null if its
    /// journal is not on a server.
    /// </summary>
    public double? LongestLeaseGap { get; init; }

    /// <summary>Signs that the run does not learn.</summary>
    public required ImmutableArray<string> Health { get; init; }

    public required ImmutableArray<MemberStatus> Members { get; init; }

    /// <summary>The nodes that take part in the run.</summary>
    public required ImmutableArray<NodeStatus> Nodes { get; init; }

    /// <summary>The processes that can take over the core when its host fails.</summary>
    public ImmutableArray<StandbyStatus> Standbys { get; init; } = [];

    internal static ClusterStatus Create(RunContext run, ActorSystem? system, ImmutableArray<NodeStatus> nodes)
    {
        RunProgress? last = run.Progress.Last;
        return new ClusterStatus
        {
            Run = run.Settings.RunId,
            Directory = run.Directory.Path,
            Phase = (last?.Phase ?? RunPhase.Starting).ToString(),
            Update = last?.Update ?? 0,
            Updates = run.Settings.Updates,
            Accuracy = last?.Accuracy,
            GeneratedTokensPerSecond = last?.GeneratedTokensPerSecond ?? 0,
            TrainedTokensPerSecond = last?.TrainedTokensPerSecond ?? 0,
            RolloutsLeasedAgain = last?.RolloutsLeasedAgain ?? 0,
            Health = [.. last?.Health.Select(finding => finding.Problem) ?? []],
            Members = system is null ? [] : MembersOf(Akka.Cluster.Cluster.Get(system)),
            Nodes = nodes,
        };
    }

    private static ImmutableArray<MemberStatus> MembersOf(Akka.Cluster.Cluster cluster)
    {
        ClusterEvent.CurrentClusterState state = cluster.State;
        return
        [
            .. state.Members.Select(member => new MemberStatus(
                ClusterMembership.Name(member.Address),
                [.. member.Roles.Order(StringComparer.Ordinal)],
                member.Status.ToString(),
                !state.Unreachable.Contains(member),
                member.Address == cluster.SelfAddress
            )),
        ];
    }
}
