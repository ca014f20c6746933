namespace ICPO.Actors.Cluster.Election;

/// <summary>The next step of a candidate.</summary>
internal enum ElectionStep
{
    /// <summary>Reads the lease again later.</summary>
    Wait,

    /// <summary>Acquires the lease, unless another candidate is faster.</summary>
    Take,

    /// <summary>Stops: the run has ended.</summary>
    GiveUp,
}

/// <summary>Decides when a candidate may acquire the lease of a run. Pure.</summary>
internal static class ElectionPolicy
{
    /// <param name="row">The lease; null if no process has ever held it.</param>
    /// <param name="answeredFor">How long the database has responded without interruption.</param>
    /// <param name="leaseTime">How long a lease is valid without renewal.</param>
    /// <param name="canGoOn">True if the candidate has a checkpoint from which the run can be resumed.</param>
    /// <param name="resumesEnded">True also continues a run that has ended.</param>
    /// <remarks>
    /// During an outage of the database no lease is renewed, so all have expired when it responds again. The holder renews its own
    /// immediately, and a candidate observes the lease for its full duration before it acquires it.
    /// </remarks>
    public static ElectionStep Decide(LeaseRow? row, TimeSpan answeredFor, TimeSpan leaseTime, bool canGoOn, bool resumesEnded)
    {
        if (row is null)
        {
            return canGoOn ? ElectionStep.Take : ElectionStep.Wait;
        }

        if (row.State != LeaseState.Running && !row.IsLive)
        {
            return resumesEnded && canGoOn ? ElectionStep.Take : ElectionStep.GiveUp;
        }

        return !row.IsLive && canGoOn && answeredFor >= leaseTime ? ElectionStep.Take : ElectionStep.Wait;
    }
}
