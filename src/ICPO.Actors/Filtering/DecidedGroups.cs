using ICPO.Actors.Contracts;

namespace ICPO.Actors;

/// <summary>A set of group numbers that is dense from below: everything under a watermark, and a few above it.</summary>
public sealed class DecidedGroups
{
    private readonly SortedSet<long> _above = [];

    /// <summary>Every number below this one is in the set.</summary>
    public long Watermark { get; private set; }

    /// <summary>The first number above all that are in the set.</summary>
    public long End => _above.Count > 0 ? _above.Max + 1 : Watermark;

    /// <summary>Numbers below <see cref="End"/> that are not in the set.</summary>
    public IEnumerable<GroupId> Missing =>
        Enumerable.Range(0, (int)(End - Watermark)).Select(offset => Watermark + offset).Where(id => !_above.Contains(id)).Select(id => new GroupId(id));

    public bool Contains(GroupId id) => id.Value < Watermark || _above.Contains(id.Value);

    public void Add(GroupId id)
    {
        if (id.Value < Watermark)
        {
            return;
        }

        _above.Add(id.Value);
        while (_above.Remove(Watermark))
        {
            Watermark++;
        }
    }
}
