using ICPO.Actors.Contracts.Identity;

namespace ICPO.Actors.Algorithm.Admission;

/// <summary>
/// How many groups may be dispatched (AReaL, arXiv 2505.24298 §5.1). While dispatch obeys <see cref="Capacity"/>,
/// accepted + running ≤ (η + v + 1)·B always holds, so a group that was dispatched at version d is among the first
/// (η + d + 1)·B and trains no later than version d + η wherever groups train in their order of dispatch. Where a later
/// group may overtake one that is still running (η ≥ 1), the one that was overtaken can be later; with η = 0 nothing can overtake.
/// </summary>
/// <param name="Version">v, the learner's version.</param>
/// <param name="Running">Groups that were dispatched and not decided yet.</param>
/// <param name="Accepted">Groups admitted since the base model and not expired: trained or buffered.</param>
/// <param name="Rejections">Rejected groups; reported, not used.</param>
public readonly record struct AdmissionState(PolicyVersion Version, int Running, long Accepted, long Rejections)
{
    /// <summary>
    /// min(C_max − running, (η + v + 1)·B − (accepted + running)), C_max and B taken as 1 at least. Negative where more is in
    /// flight than may be (after a recovery, or where dispatch did not obey).
    /// </summary>
    /// <param name="settings">η and C_max.</param>
    /// <param name="groupsPerUpdate">B.</param>
    /// <param name="samplesPerInsert">
    /// n, updates that train on a group: <see cref="Needed"/> replaces (η + v + 1)·B, which is the same for n = 1.
    /// </param>
    public long Capacity(AdmissionSettings settings, int groupsPerUpdate, int samplesPerInsert = 1)
    {
        ArgumentNullException.ThrowIfNull(settings);
        long concurrency = Math.Max(1, settings.MaxRunningGroups) - Running;
        long needed = Needed(settings.MaxStaleness + Version.Value, Math.Max(1, groupsPerUpdate), samplesPerInsert);
        return Math.Min(concurrency, needed - (Accepted + Running));
    }

    /// <summary>
    /// Groups that the update after version v needs since the base model, where each trains n times: B + ⌈v·B/n⌉. Rounded once, not per
    /// update, so that the buffer does not grow where n does not divide B.
    /// </summary>
    /// <param name="version">v, or v + η for the groups that may be dispatched by then.</param>
    /// <param name="groupsPerUpdate">B.</param>
    /// <param name="samplesPerInsert">n.</param>
    internal static long Needed(long version, int groupsPerUpdate, int samplesPerInsert) =>
        groupsPerUpdate + (((version * groupsPerUpdate) + samplesPerInsert - 1) / samplesPerInsert);

    public AdmissionState Dispatched() => this with { Running = Running + 1 };

    public AdmissionState Admitted() => this with { Running = Running - 1, Accepted = Accepted + 1 };

    /// <summary>A group was rejected; its place is free again.</summary>
    public AdmissionState Rejected() => this with { Running = Running - 1, Rejections = Rejections + 1 };

    /// <summary>An admitted group was dropped before it trained (the hard staleness bound); its place is free again.</summary>
    public AdmissionState Expired() => this with { Accepted = Accepted - 1, Rejections = Rejections + 1 };

    public AdmissionState Advanced(PolicyVersion version) => this with { Version = version };

    /// <summary>
    /// The state after a restart at <paramref name="version"/>: nothing runs, B groups per update are trained, the restored ones wait.
    /// </summary>
    public static AdmissionState Recovered(PolicyVersion version, int bufferedGroups, int groupsPerUpdate) =>
        new(version, 0, (version.Value * Math.Max(1, groupsPerUpdate)) + bufferedGroups, 0);
}
