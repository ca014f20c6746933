using ICPO.Actors.Algorithm.Admission;
using ICPO.Actors.Contracts.Groups;

namespace ICPO.Actors.Metrics;

/// <summary>Counts admitted groups that are rejected because of their age, between two updates.</summary>
/// <param name="settings">A reason is reported if its bound is set.</param>
public sealed class ExpiredGroups(AdmissionSettings settings)
{
    private int _stale;
    private int _waited;

    /// <summary>A group was rejected.</summary>
    public void Add(GroupRejection reason)
    {
        _stale += reason == GroupRejection.Stale ? 1 : 0;
        _waited += reason == GroupRejection.WaitedTooLong ? 1 : 0;
    }

    /// <summary>Returns the metrics of an update, and starts with 0 again.</summary>
    public IEnumerable<KeyValuePair<string, double>> Take()
    {
        KeyValuePair<string, double>[] all =
        [
            .. settings.HardStalenessBound is null ? [] : new[] { KeyValuePair.Create("groups/stale", (double)_stale) },
            .. settings.MaxQueueAge is null ? [] : new[] { KeyValuePair.Create("groups/waited_too_long", (double)_waited) },
        ];
        (_stale, _waited) = (0, 0);
        return all;
    }
}
