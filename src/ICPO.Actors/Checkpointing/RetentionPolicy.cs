using ICPO.Actors.Contracts.Identity;

namespace ICPO.Actors.Checkpointing;

/// <summary>Which of the checkpoints and published weights on disk may be deleted. Pure: no file is read.</summary>
public static class RetentionPolicy
{
    /// <summary>The number of published weights to keep: more than engines lag behind in practice.</summary>
    public const int PoliciesKept = 4;

    /// <summary>Checkpoints older than the oldest one that the journal still refers to.</summary>
    public static IEnumerable<PolicyVersion> ObsoleteCheckpoints(IEnumerable<PolicyVersion> present, PolicyVersion oldestKept) =>
        present.Where(version => version < oldestKept);

    /// <summary>
    /// All published weights but the newest and those that are in use; an engine that has not loaded an older version loads a newer one.
    /// </summary>
    public static IEnumerable<PolicyVersion> ObsoletePolicies(
        IEnumerable<PolicyVersion> present,
        PolicyVersion newest,
        IReadOnlySet<PolicyVersion>? inUse = null
    ) => present.Where(version => version.Value <= newest.Value - PoliciesKept && inUse?.Contains(version) != true);
}
