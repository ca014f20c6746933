namespace ICPO.Actors.Cluster.Election;

/// <summary>What a candidate does now.</summary>
internal enum ElectionStep
{
    /// <summary>Looks again.</summary>
    Wait,

    /// <summary>Takes the lease, unless another candidate is faster.</summary>
    Take,

    /// <summary>Gives up: the run has ended.</summary>
    GiveUp,
}

/// <summary>When a candidate may take the lease of a run. Pure.</summary>
internal static class ElectionPolicy
{
    /// <param name="row">The lease; null where nobody has ever held it.</param>
    /// <param name="answeredFor">How long the database has answered without interruption.</param>
    /// <param name="leaseTime">How long a lease is valid without being renewed.</param>
    /// <param name="canGoOn">True where the candidate holds what the run can go back to.</param>
    /// <param name="resumesEnded">True also continues a run that has ended.</param>
    /// <remarks>
    /// During an outage of the database no lease is renewed, so all have expired when it answers again: the holder renews its own at once,
    /// and a candidate looks for as long as a lease is valid before it takes one.
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
