using ICPO.Actors.Contracts.Groups;

namespace ICPO.Actors.Dispatching;

/// <summary>
/// Limits how many groups may be rejected in a row. A rejected group is replaced by a new one, so a verifier or an engine that always
/// fails would keep a run busy forever without an update; this ends the run with an error instead.
/// </summary>
/// <param name="groupsPerUpdate">B; the limits are multiples of it.</param>
public sealed class RejectionLimit(int groupsPerUpdate)
{
    private int _faults;
    private int _all;

    /// <summary>Failed groups in a row (not generated, too few verdicts) that end the run.</summary>
    public int FaultLimit { get; } = Math.Max(8, groupsPerUpdate);

    /// <summary>Groups without signal in a row that end the run: one usable group in a hundred is enough to continue.</summary>
    public int SignalLimit { get; } = Math.Max(1000, 100 * groupsPerUpdate);

    /// <summary>A group was admitted: the run makes progress.</summary>
    public void Reset() => (_faults, _all) = (0, 0);

    /// <summary>A group was rejected.</summary>
    /// <param name="reason">Why.</param>
    /// <param name="detail">The last failure that was reported, if any.</param>
    /// <exception cref="InvalidOperationException">A limit is reached.</exception>
    public void Add(GroupRejection reason, string? detail)
    {
        _all++;
        _faults = reason is GroupRejection.TooFewVerdicts or GroupRejection.GenerationFailed ? _faults + 1 : 0;
        if (_faults >= FaultLimit)
        {
            throw new InvalidOperationException(
                reason == GroupRejection.GenerationFailed
                    ? $"The last {_faults} groups could not be generated or judged ({detail ?? "no reason is known"})."
                    : $"The last {_faults} groups got too few verdicts because the verifier fails on responses; run.log has the errors."
            );
        }

        if (_all >= SignalLimit)
        {
            throw new InvalidOperationException(
                $"The last {_all} groups were rejected because all their rewards are equal; the task is far too hard or solved. "
                    + "Set group.dynamic-sampling = false to train on such groups."
            );
        }
    }
}
