namespace ICPO.Actors.Soak.Clusters;

/// <summary>What fails.</summary>
internal enum FaultKind
{
    CoreKilled,
    CoreStopped,
    LearnersKilled,
    StandbyKilled,
    StandbyStopped,
    RolloutNodeKilled,
    RolloutNodeStopped,
    VerifierNodeKilled,
    VerifierNodeStopped,
    ServerKilled,
}

internal static class FaultKinds
{
    /// <summary>True where another process has to go on with the run, or the same one after a new start.</summary>
    public static bool EndsCore(this FaultKind kind) => kind is FaultKind.CoreKilled or FaultKind.CoreStopped or FaultKind.LearnersKilled;

    /// <summary>True where a process is stopped for some time, and not killed.</summary>
    public static bool IsStop(this FaultKind kind) =>
        kind is FaultKind.CoreStopped or FaultKind.StandbyStopped or FaultKind.RolloutNodeStopped or FaultKind.VerifierNodeStopped;

    /// <summary>True where a standby has to be ready for the fault to be tolerated without a new start.</summary>
    public static bool NeedsStandby(this FaultKind kind) => kind is FaultKind.CoreKilled or FaultKind.CoreStopped;

    public static string Describe(this FaultKind kind) =>
        kind switch
        {
            FaultKind.CoreKilled => "`kill -9` of the active learner",
            FaultKind.CoreStopped => "active learner stopped (`SIGSTOP`) for 5 to 16 s",
            FaultKind.LearnersKilled => "`kill -9` of both learners",
            FaultKind.StandbyKilled => "`kill -9` of the standby",
            FaultKind.StandbyStopped => "standby stopped for 2 to 16 s",
            FaultKind.RolloutNodeKilled => "`kill -9` of a rollout node",
            FaultKind.RolloutNodeStopped => "rollout node stopped for 2 to 16 s",
            FaultKind.VerifierNodeKilled => "`kill -9` of the verifier node",
            FaultKind.VerifierNodeStopped => "verifier node stopped for 2 to 16 s",
            FaultKind.ServerKilled => "`kill -9` and restart of PostgreSQL",
            _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, null),
        };
}
