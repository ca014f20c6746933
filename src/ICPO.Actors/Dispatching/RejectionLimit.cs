using ICPO.Actors.Contracts.Groups;

namespace ICPO.Actors.Dispatching;

/// <summary>
/// Counts groups that were turned down one after another. A turned-down group is replaced by a new one, so a verifier or an engine
/// that always fails would keep a run busy for ever without an update; this ends it with a sentence instead.
/// </summary>
/// <param name="groupsPerUpdate">B; the limits are multiples of it.</param>
public sealed class RejectionLimit(int groupsPerUpdate)
{
    private int _faults;
    private int _all;

    /// <summary>Groups in a row that failed (not generated, no verdicts) before the run is given up.</summary>
    public int FaultLimit { get; } = Math.Max(8, groupsPerUpdate);

    /// <summary>Groups in a row without signal before the run is given up: enough for one usable group in a hundred.</summary>
    public int SignalLimit { get; } = Math.Max(1000, 100 * groupsPerUpdate);

    /// <summary>A group was admitted: the run moves.</summary>
    public void Broken() => (_faults, _all) = (0, 0);

    /// <summary>A group was turned down.</summary>
    /// <param name="reason">Why.</param>
    /// <param name="detail">What was last heard about it, if anything.</param>
    /// <exception cref="InvalidOperationException">It was one too many.</exception>
    public void Add(GroupRejection reason, string? detail)
    {
        _all++;
        _faults = reason is GroupRejection.TooFewVerdicts or GroupRejection.GenerationFailed ? _faults + 1 : 0;
        if (_faults >= FaultLimit)
        {
            throw new InvalidOperationException(
                reason == GroupRejection.GenerationFailed
                    ? $"The last {_faults} groups could not be generated or judged ({detail ?? "no reason is known"}); nothing would ever train."
                    : $"The last {_faults} groups got too few verdicts, because the verifier fails on their responses; run.log says how. Nothing would ever train."
            );
        }

        if (_all >= SignalLimit)
        {
            throw new InvalidOperationException(
                $"The last {_all} groups were turned down because all their rewards are equal; the task is far too hard or solved. "
                    + "Set group.dynamic-sampling = false to train on such groups all the same."
            );
        }
    }
}
