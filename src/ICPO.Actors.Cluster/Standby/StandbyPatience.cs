using ICPO.Actors.Cluster.Election;

namespace ICPO.Actors.Cluster.Standby;

/// <summary>Why a process cannot stand by any more.</summary>
internal enum StandbyProblem
{
    /// <summary>No process runs the core, and this one cannot resume it.</summary>
    NoCore,

    /// <summary>The core is a member of another cluster, so the nodes would not reach this process if it took over.</summary>
    OtherCluster,
}

/// <summary>Decides when a standby ends with an error instead of waiting longer. Pure: time is an argument.</summary>
/// <param name="orphanTimeout">How long the core may be missing.</param>
/// <param name="failoverAfter">How long the core may be a member of another cluster.</param>
internal sealed class StandbyPatience(TimeSpan orphanTimeout, TimeSpan failoverAfter)
{
    private TimeSpan? _noCoreSince;
    private TimeSpan? _apartSince;
    private string? _known;

    /// <param name="last">The lease; null if it was never held.</param>
    /// <param name="canGoOn">True if this process has a checkpoint from which the run can resume.</param>
    /// <param name="isMember">True if the lease's holder is a member of this process's cluster.</param>
    /// <param name="now">Monotonic.</param>
    /// <returns>Null to wait longer.</returns>
    public StandbyProblem? Check(LeaseRow? last, bool canGoOn, bool isMember, TimeSpan now)
    {
        bool noCore = last is { IsLive: false } && !canGoOn;
        _known = isMember ? last?.Holder.Token : _known;

        // A core that was a member and left is ending.
        bool isApart = last is { IsLive: true, Holder: { Seed.Length: > 0 } holder } && !isMember && holder.Token != _known;
        _noCoreSince = noCore ? _noCoreSince ?? now : null;
        _apartSince = isApart ? _apartSince ?? now : null;
        if (now - _noCoreSince > orphanTimeout)
        {
            return StandbyProblem.NoCore;
        }

        return now - _apartSince > failoverAfter ? StandbyProblem.OtherCluster : null;
    }
}
