using ICPO.Actors.Contracts.Identity;

namespace ICPO.Actors.Algorithm.Buffering;

/// <summary>A set of group numbers that is dense from below: everything under a watermark, and a few above it.</summary>
public sealed class DecidedGroups
{
    private readonly SortedSet<GroupId> _above;

    public DecidedGroups(long watermark = 0, IEnumerable<GroupId>? above = null)
    {
        Watermark = watermark;
        _above = [.. above ?? []];
    }

    /// <summary>Every number below this one is in the set.</summary>
    public long Watermark { get; private set; }

    /// <summary>The numbers above the watermark, ascending.</summary>
    public IReadOnlyCollection<GroupId> Above => _above;

    /// <summary>The first number above all that are in the set.</summary>
    public GroupId End => new(_above.Count > 0 ? _above.Max.Value + 1 : Watermark);

    /// <summary>Numbers below <see cref="End"/> that are not in the set, ascending.</summary>
    public IEnumerable<GroupId> Missing => MissingBelow(End);

    /// <summary>How many numbers below <paramref name="end"/> are not in the set.</summary>
    public long CountMissingBelow(GroupId end) => Math.Max(0, end.Value - Watermark) - _above.Count(id => id < end);

    /// <summary>Numbers below <paramref name="end"/> that are not in the set, ascending.</summary>
    public IEnumerable<GroupId> MissingBelow(GroupId end)
    {
        for (long number = Watermark; number < end.Value; number++)
        {
            if (!_above.Contains(new GroupId(number)))
            {
                yield return new GroupId(number);
            }
        }
    }

    public bool Contains(GroupId id) => id.Value < Watermark || _above.Contains(id);

    public void Add(GroupId id)
    {
        if (id.Value < Watermark)
        {
            return;
        }

        _above.Add(id);
        while (_above.Remove(new GroupId(Watermark)))
        {
            Watermark++;
        }
    }
}
