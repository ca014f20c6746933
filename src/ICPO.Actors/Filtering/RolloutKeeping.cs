namespace ICPO.Actors.Filtering;

/// <summary>Which rollouts of undecided groups are put into the journal.</summary>
public enum RolloutKeeping
{
    /// <summary>None: after a crash an undecided group is made anew.</summary>
    None,

    /// <summary>Each as soon as it is judged.</summary>
    Each,

    /// <summary>
    /// Those made in one request, once all of them are judged. A matrix product's last bits may depend on how many rows it has, so a
    /// part of a request that is made again need not give the same bits; with η = 0 it must.
    /// </summary>
    WholeRequests,
}
