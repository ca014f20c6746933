namespace ICPO.Actors.Filtering;

/// <summary>Which rollouts of undecided groups are written to the journal.</summary>
public enum RolloutKeeping
{
    /// <summary>None: after a crash an undecided group is sampled again.</summary>
    None,

    /// <summary>Each as soon as it is judged.</summary>
    Each,

    /// <summary>
    /// Those of one generation request, once all of them are judged. The last bits of a matrix product may depend on its number of rows,
    /// so repeating a part of a request need not give the same bits; with η = 0 it must.
    /// </summary>
    WholeRequests,
}
