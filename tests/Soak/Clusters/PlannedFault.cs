namespace ICPO.Actors.Soak.Clusters;

/// <summary>A fault that is to come.</summary>
/// <param name="Kind">What fails.</param>
/// <param name="RolloutNode">Which rollout node, where one fails.</param>
/// <param name="Time">How long a process is stopped.</param>
internal sealed record PlannedFault(FaultKind Kind, string RolloutNode, TimeSpan Time)
{
    /// <summary>How often each kind comes: the run goes on at once after most, and only a failover survives some.</summary>
    private static readonly FaultKind[] Kinds =
    [
        .. Enum.GetValues<FaultKind>().Where(kind => !kind.EndsCore()).SelectMany(kind => Enumerable.Repeat(kind, 3)),
        .. Enum.GetValues<FaultKind>().Where(kind => kind.EndsCore()),
        FaultKind.CoreKilled,
        FaultKind.CoreKilled,
    ];

    /// <param name="random">Determines the fault.</param>
    /// <param name="only">The kind of all faults; null for all kinds.</param>
    public static PlannedFault Create(Random random, FaultKind? only)
    {
        // A kind is drawn in any case, so that a seed determines the same times with and without a fixed kind.
        FaultKind drawn = Kinds[random.Next(Kinds.Length)];
        FaultKind kind = only ?? drawn;
        string node = SoakedCluster.RolloutNodes[random.Next(SoakedCluster.RolloutNodes.Length)];
        double least = kind == FaultKind.CoreStopped ? 5 : 2;
        return new PlannedFault(kind, node, TimeSpan.FromSeconds(least + ((16 - least) * random.NextDouble())));
    }

    /// <summary>The processes that fail; none where it is the database server.</summary>
    public string[] Processes(string core)
    {
        string standby = SoakedCluster.Learners.Single(name => name != core);
        return Kind switch
        {
            FaultKind.CoreKilled or FaultKind.CoreStopped => [core],
            FaultKind.LearnersKilled => [core, standby],
            FaultKind.StandbyKilled or FaultKind.StandbyStopped => [standby],
            FaultKind.RolloutNodeKilled or FaultKind.RolloutNodeStopped => [RolloutNode],
            FaultKind.VerifierNodeKilled or FaultKind.VerifierNodeStopped => [SoakedCluster.VerifierNode],
            _ => [],
        };
    }
}
