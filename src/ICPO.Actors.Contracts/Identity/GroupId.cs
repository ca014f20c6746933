namespace ICPO.Actors.Contracts.Identity;

/// <summary>
/// A group's place in the run's order of dispatch, from 0. Everything random about a group (its question, its seeds,
/// its demonstrations) is a function of the run's seed and this number, so a group that is dispatched again is the same group.
/// </summary>
public readonly record struct GroupId : IComparable<GroupId>
{
    public GroupId(long value)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(value);
        Value = value;
    }

    public long Value { get; }

    public int CompareTo(GroupId other) => Value.CompareTo(other.Value);

    public static bool operator <(GroupId left, GroupId right) => left.Value < right.Value;

    public static bool operator >(GroupId left, GroupId right) => left.Value > right.Value;

    public static bool operator <=(GroupId left, GroupId right) => left.Value <= right.Value;

    public static bool operator >=(GroupId left, GroupId right) => left.Value >= right.Value;

    public override string ToString() => $"g{Value}";
}
